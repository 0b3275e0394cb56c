#!/usr/bin/env bash
# Builds everything and runs every test, as root on Debian: installs what is missing (it says what), and ends with the count.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 PATH="$PATH:/usr/sbin:/sbin"

# Programs the tests use for real, and the Debian package that brings each.
needed=(sshd:openssh-server ssh:openssh-client mkfs.btrfs:btrfs-progs mkfs.ext4:e2fsprogs mount:mount losetup:mount fsfreeze:util-linux kill:procps)
missing=()
# npm fetches the designer during the build; a newer Node.js than Debian's may be there already, and brings its own.
command -v npm >/dev/null 2>&1 || needed+=(node:nodejs npm:npm)
for pair in "${needed[@]}"; do
  type -P "${pair%%:*}" >/dev/null 2>&1 || missing+=("${pair#*:}")
done
type -P chromium >/dev/null 2>&1 || missing+=(chromium fonts-dejavu-core)
if [ "${#missing[@]}" -gt 0 ]; then
  echo "Installing Debian packages the tests need: ${missing[*]}"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=900 install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
command -v dotnet >/dev/null || { echo "The .NET 10 SDK is needed: install it, then run this again." >&2; exit 1; }

results=$(mktemp -d)
touch "$results/started"
# The agent that the tests published for this run goes with it; one that was there before stays.
clean() {
  find "${TMPDIR:-/tmp}" -maxdepth 1 -type d -name 'quiesce-tests-agent-*' -newer "$results/started" -exec rm -rf {} +
  rm -rf "$results"
}
trap clean EXIT
# Screenshots, and traces of browser tests that failed: for people to look at, and for CI to keep.
export QUIESCE_ARTIFACTS="${QUIESCE_ARTIFACTS:-$PWD/artifacts/browser}"
dotnet build Workflows.sln -c Release --nologo -v quiet
status=0
dotnet test Workflows.sln -c Release --no-build --nologo --logger "trx" --results-directory "$results" || status=$?

count() { grep -ho "$1=\"[0-9]*\"" "$results"/*.trx 2>/dev/null | tr -dc '0-9\n' | awk '{n+=$1} END {print n+0}'; }
echo "$(count ' passed') passed, $(count ' failed') failed, $(count ' notExecuted') skipped"
echo "Screenshots and traces: $QUIESCE_ARTIFACTS"
exit "$status"
