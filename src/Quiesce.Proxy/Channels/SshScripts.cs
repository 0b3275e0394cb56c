using Quiesce.Proxy.Deploy;

namespace Quiesce.Proxy.Channels;

/// <summary>The few scripts that run in an ssh guest's shell. Every value is quoted; exit codes of our own are above 70.</summary>
internal static class SshScripts
{
    public const int NoFolder = 71;
    public const int NoCopy = 72;
    public const int Foreign = 73;
    public const int WrongHash = 74;

    /// <summary>Takes the agent from stdin into the deployment's private folder, unless it lies there already. What a failed copy made, it removes.</summary>
    public static string Copy(Deployment deployment, string sha256, bool packed) =>
        $$"""
        umask 077
        d={{RemoteShell.Quote(deployment.Folder)}}
        made=
        if [ -L "$d" ] || [ -e "$d" ]; then
          if [ -L "$d" ] || [ ! -d "$d" ] || [ ! -O "$d" ]; then exit {{Foreign}}; fi
          if [ -f "$d/{{AgentFiles.Name}}" ] && [ "$(sha256sum <"$d/{{AgentFiles.Name}}" | cut -c1-64)" = {{sha256}} ]; then exit 0; fi
        else
          mkdir "$d" || exit {{NoFolder}}
          made=1
        fi
        {{(packed ? "gzip -dc" : "cat")}} >"$d/part" || { [ "$made" ] && rm -rf "$d"; exit {{NoCopy}}; }
        sum=$(sha256sum <"$d/part" | cut -c1-64)
        if [ "$sum" != {{sha256}} ]; then [ "$made" ] && rm -rf "$d"; echo "$sum"; exit {{WrongHash}}; fi
        chmod 700 "$d/part" && mv -f "$d/part" "$d/{{AgentFiles.Name}}"
        """;

    /// <summary>
    /// Becomes the copied agent, so that its exit code is ssh's and no shell is left waiting for it. A plain shell reads a binary for another processor as a
    /// script and complains of its syntax.
    /// </summary>
    public static string Serve(Deployment deployment, IEnumerable<string> arguments) =>
        $"cd / && exec {RemoteShell.Quote(deployment.Folder + "/" + AgentFiles.Name)} {RemoteShell.Words(arguments)}";

    /// <summary>Joins the runtime, or says goodbye for one that is not there.</summary>
    public static string Attach(Deployment deployment, IEnumerable<string> arguments) =>
        $$"""
        d={{RemoteShell.Quote(deployment.Folder)}}
        if [ -S "$d/s" ] && [ -O "$d" ] && [ -x "$d/{{AgentFiles.Name}}" ]; then exec "$d/{{AgentFiles.Name}}" {{RemoteShell.Words(arguments)}}; fi
        echo '{"v":1,"type":"goodbye"}'
        """;

    /// <summary>Prints nothing, folder or busy.</summary>
    public static string Remains(Deployment deployment) =>
        $$"""
        d={{RemoteShell.Quote(deployment.Folder)}}
        if [ ! -d "$d" ] || [ -L "$d" ]; then echo nothing; exit 0; fi
        for e in /proc/[0-9]*/exe; do
          if [ "$e" -ef "$d/{{AgentFiles.Name}}" ]; then echo busy; exit 0; fi
        done
        echo folder
        """;

    public static string Undo(Deployment deployment, IEnumerable<string> arguments) =>
        $$"""
        d={{RemoteShell.Quote(deployment.Folder)}}
        if [ -O "$d" ] && [ ! -L "$d" ] && [ -x "$d/{{AgentFiles.Name}}" ]; then exec "$d/{{AgentFiles.Name}}" {{RemoteShell.Words(arguments)}} </dev/null >/dev/null; fi
        """;

    public static string Remove(Deployment deployment) =>
        $$"""
        d={{RemoteShell.Quote(deployment.Folder)}}
        if [ -L "$d" ]; then exit {{Foreign}}; fi
        rm -rf "$d"
        """;

    /// <summary>Prints every record of our account, one a line.</summary>
    public static string Orphans(string runtimeFolder) =>
        $$"""
        for f in {{RemoteShell.Quote(runtimeFolder.TrimEnd('/'))}}/quiesce-orphan-*.json; do
          if [ -f "$f" ] && [ -O "$f" ] && [ ! -L "$f" ]; then tr -d '\n' <"$f"; echo; fi
        done
        """;

    public static string RemoveOrphan(Deployment deployment) => $"rm -f {RemoteShell.Quote(deployment.Record)}";

    /// <summary>Prints what would stop a deployment: missing, readonly, room and noexec, one a line.</summary>
    public static string Examine(string runtimeFolder) =>
        $$"""
        r={{RemoteShell.Quote(runtimeFolder)}}
        if [ ! -d "$r" ]; then echo missing; exit 0; fi
        if [ ! -w "$r" ] || [ ! -x "$r" ]; then echo readonly; fi
        df -Pk "$r" | awk 'NR > 1 && $4 < 65536 { print "room" }'
        m=$(df -Pk "$r" | awk 'NR > 1 { print $6 }')
        awk -v m="$m" '$2 == m { o = $4 } END { if (("," o ",") ~ /,noexec,/) print "noexec" }' /proc/mounts
        """;
}
