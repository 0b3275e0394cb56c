using Quiesce.Contracts;
using Quiesce.Contracts.Bus;

namespace Quiesce.Tests.Proxy;

/// <summary>What OpenSSH's client and a guest's shell say, and what an operator is told.</summary>
public sealed class SshFailureTests
{
    // Runs the remote command right here: the guest is this machine, with what the test sabotages.
    private const string Loopback = "#!/bin/sh\nfor last; do :; done\nexec /bin/sh -c \"$last\"\n";

    [Theory]
    [InlineData("ssh: connect to host 10.0.0.9 port 22: Connection refused", FailureCodes.Connect, "ssh service runs")]
    [InlineData("ssh: connect to host 10.0.0.9 port 22: No route to host", FailureCodes.Connect, "firewall")]
    [InlineData("ssh: connect to host 10.0.0.9 port 22: Connection timed out", FailureCodes.Connect, "timed out")]
    [InlineData("Connection timed out during banner exchange", FailureCodes.Connect, "banner exchange")]
    [InlineData("ssh: Could not resolve hostname db9: Name or service not known", FailureCodes.Connect, "resolve")]
    [InlineData("Connection closed by 10.0.0.9 port 22", FailureCodes.Connect, "closed")]
    [InlineData("", FailureCodes.Connect, "without a word")]
    [InlineData("backup@10.0.0.9: Permission denied (publickey,password).", FailureCodes.Auth, "authorized_keys")]
    [InlineData("Received disconnect from 10.0.0.9 port 22:2: Too many authentication failures", FailureCodes.Auth, "refused the credentials")]
    [InlineData("@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.", FailureCodes.Auth, "ssh-keygen -R")]
    [InlineData("@ WARNING: UNPROTECTED PRIVATE KEY FILE! @\nLoad key \"k\": bad permissions", FailureCodes.Auth, "chmod 600")]
    public async Task What_ssh_says_becomes_a_code_and_an_advice(string said, string code, string advice)
    {
        await using var proxy = new ProxyFixture();
        proxy.Write("ssh", $"#!/bin/sh\ncat >&2 <<'END'\n{said}\nEND\nexit 255\n");

        var reply = await proxy.HandleAsync(ProxyFixture.Prepare(guest: ProxyFixture.Guest("ssh://backup@10.0.0.9")));

        Assert.Equal(code, reply.Failure!.Code);
        Assert.Contains(advice, reply.Failure.Message, StringComparison.Ordinal);
        Assert.Contains("db1", reply.Failure.Message, StringComparison.Ordinal);
        Assert.False(reply.Failure.MayHaveStarted);
    }

    [Theory]
    [InlineData("ssh://-oProxyCommand=touch%20x/")]
    [InlineData("ssh://-oProxyCommand=x@host")]
    [InlineData("ssh://root@-oProxyCommand=x")]
    [InlineData("ssh://root@host;reboot")]
    [InlineData("ssh://root@host$(reboot)")]
    [InlineData("ssh://root@`reboot`")]
    [InlineData("ssh://ro ot@host")]
    [InlineData("ssh://root@host:22;x")]
    [InlineData("ssh://root@host:0")]
    [InlineData("ssh://root@host:70000")]
    [InlineData("ssh://root@host:")]
    [InlineData("ssh://root@host\n-oX=y")]
    [InlineData("ssh://root:secret@host")]
    [InlineData("ssh://root@host/path")]
    [InlineData("ssh://root@[::1%eth0]")]
    [InlineData("ssh://")]
    [InlineData("ssh://@host")]
    [InlineData("http://host")]
    [InlineData("")]
    public async Task A_hostile_address_is_refused_before_any_program_is_started(string connect)
    {
        await using var proxy = new ProxyFixture();
        var called = Path.Combine(proxy.Folder, "called");
        proxy.Write("ssh", $"#!/bin/sh\ntouch {called}\n");

        var reply = await proxy.HandleAsync(ProxyFixture.Prepare(guest: ProxyFixture.Guest(connect)));

        Assert.Equal(FailureCodes.Connect, reply.Failure!.Code);
        Assert.False(reply.Failure.Retryable);
        Assert.DoesNotContain("secret", reply.Failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(called));
    }

    [Theory]
    [InlineData("ssh://root@host", "-l root -- host")]
    [InlineData("ssh://host", "-- host")]
    [InlineData("ssh://backup@10.20.0.11:2222", "-p 2222 -l backup -- 10.20.0.11")]
    [InlineData("ssh://root@[2001:db8::1]:2222", "-p 2222 -l root -- 2001:db8::1")]
    public async Task A_good_address_becomes_arguments_of_ssh(string connect, string arguments)
    {
        await using var proxy = new ProxyFixture();
        var seen = Path.Combine(proxy.Folder, "seen");
        proxy.Write("ssh", $"#!/bin/sh\necho \"$@\" >>{seen}\nexit 255\n");

        await proxy.HandleAsync(ProxyFixture.Prepare(guest: ProxyFixture.Guest(connect)));

        Assert.Contains(arguments, await File.ReadAllTextAsync(seen), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a b")]
    [InlineData("a'; reboot; '")]
    [InlineData("-x")]
    [InlineData("")]
    public async Task A_deployment_id_that_is_no_plain_name_is_refused(string id)
    {
        await using var proxy = new ProxyFixture();

        var reply = await proxy.HandleAsync(ProxyFixture.Prepare(guest: ProxyFixture.Guest(deployment: id)));

        Assert.Equal(FailureCodes.Protocol, reply.Failure!.Code);
    }

    [Fact]
    public async Task A_missing_private_key_is_named()
    {
        await using var proxy = new ProxyFixture();

        var reply = await proxy.HandleAsync(ProxyFixture.Prepare(guest: ProxyFixture.Guest("ssh://root@host", identity: "/nowhere/key")));

        Assert.Equal(FailureCodes.Auth, reply.Failure!.Code);
        Assert.Contains("/nowhere/key", reply.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_ssh_program_says_what_to_install()
    {
        await using var proxy = new ProxyFixture();

        var reply = await proxy.HandleAsync(ProxyFixture.Prepare(guest: ProxyFixture.Guest("ssh://root@host")));

        Assert.Equal(FailureCodes.Connect, reply.Failure!.Code);
        Assert.Contains("openssh-client", reply.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_hangs_after_it_was_made_is_bounded()
    {
        await using var proxy = new ProxyFixture();
        proxy.Options = proxy.Options with { ConnectTimeout = TimeSpan.FromMilliseconds(200) };
        proxy.Write("ssh", "#!/bin/sh\nexec sleep 60\n");

        var reply = await proxy.HandleAsync(ProxyFixture.Prepare(guest: ProxyFixture.Guest("ssh://root@host")));

        Assert.Equal(FailureCodes.Connect, reply.Failure!.Code);
    }

    [Fact]
    public async Task An_account_with_a_forced_command_is_told_apart_from_an_unreachable_guest()
    {
        await using var proxy = new ProxyFixture();
        proxy.Write("ssh", "#!/bin/sh\necho This service allows sftp connections only.\nexit 1\n");

        var reply = await proxy.HandleAsync(ProxyFixture.Prepare(guest: ProxyFixture.Guest("ssh://root@host")));

        Assert.Equal(FailureCodes.Start, reply.Failure!.Code);
        Assert.Contains("forced command", reply.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_published_agent_the_command_that_makes_one_is_given()
    {
        await using var proxy = new ProxyFixture();
        proxy.Write("ssh", Loopback);

        var reply = await proxy.HandleAsync(ProxyFixture.Prepare(guest: ProxyFixture.Guest("ssh://root@host")));

        Assert.Equal(FailureCodes.Deploy, reply.Failure!.Code);
        Assert.Contains("dotnet publish src/Quiesce.Agent -c Release -r linux-x64", reply.Failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#!/bin/sh\necho 'error while loading shared libraries: libstdc++.so.6: cannot open shared object file: No such file or directory' >&2; exit 127", FailureCodes.Start, "libstdc++6")]
    [InlineData("#!/bin/sh\necho 'libc.so.6: version `GLIBC_2.34 not found' >&2; exit 1", FailureCodes.Start, "library")]
    [InlineData("#!/no/such/loader", FailureCodes.Start, "another C library")]
    [InlineData("\u007fELF this is for another machine", FailureCodes.Start, "another processor")]
    [InlineData("#!/bin/sh\nexit 9", FailureCodes.Start, "exit code 9")]
    [InlineData("#!/bin/sh\nexec sleep 60", FailureCodes.Start, "did not answer within")]
    [InlineData("#!/bin/sh\necho '{\"ready\":false,\"deploymentId\":\"d1\",\"processId\":1,\"runtimeVersion\":\"0\",\"alreadyRunning\":false,\"failure\":{\"code\":\"GP-START\",\"message\":\"make room\",\"retryable\":true,\"mayHaveStarted\":false}}'", FailureCodes.Start, "make room")]
    public async Task An_agent_that_does_not_run_is_told_apart_and_removed(string agent, string code, string advice)
    {
        await using var proxy = new ProxyFixture();
        proxy.Options = proxy.Options with { StartTimeout = TimeSpan.FromSeconds(2) };
        proxy.Write("ssh", Loopback);
        proxy.Write("downloads/linux-x64/quiesce-agent", agent);

        var reply = await proxy.HandleAsync(ProxyFixture.Prepare(guest: ProxyFixture.Guest("ssh://root@host")));

        Assert.Equal(code, reply.Failure!.Code);
        Assert.Contains(advice, reply.Failure.Message, StringComparison.Ordinal);
        if (!agent.Contains("sleep", StringComparison.Ordinal))
            Assert.Empty(Directory.EnumerateFileSystemEntries(proxy.Options.RuntimeFolder));
    }

    [Fact]
    public async Task A_copy_that_was_changed_on_the_way_is_removed_unstarted()
    {
        await using var proxy = new ProxyFixture();
        var started = Path.Combine(proxy.Folder, "started");
        var bin = Path.Combine(proxy.Folder, "bin");
        proxy.Write("bin/gzip", "#!/bin/sh\n/bin/gzip \"$@\"\necho '# changed'\n");
        proxy.Write("ssh", Loopback.Replace("exec", $"PATH={bin}:$PATH exec", StringComparison.Ordinal));
        proxy.Write("downloads/linux-x64/quiesce-agent", $"#!/bin/sh\ntouch {started}\n");

        var reply = await proxy.HandleAsync(ProxyFixture.Prepare(guest: ProxyFixture.Guest("ssh://root@host")));

        Assert.Equal(FailureCodes.Deploy, reply.Failure!.Code);
        Assert.Contains("hash", reply.Failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(started));
        Assert.Empty(Directory.EnumerateFileSystemEntries(proxy.Options.RuntimeFolder));
    }

    [Fact]
    public async Task A_link_in_place_of_the_private_folder_is_refused()
    {
        await using var proxy = new ProxyFixture();
        proxy.Write("ssh", Loopback);
        proxy.Write("downloads/linux-x64/quiesce-agent", "#!/bin/sh\n");
        var elsewhere = Directory.CreateDirectory(Path.Combine(proxy.Folder, "elsewhere")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(proxy.Options.RuntimeFolder, "quiesce-d1"), elsewhere);

        var reply = await proxy.HandleAsync(ProxyFixture.Prepare(guest: ProxyFixture.Guest("ssh://root@host")));

        Assert.Equal(FailureCodes.Deploy, reply.Failure!.Code);
        Assert.Empty(Directory.EnumerateFileSystemEntries(elsewhere));
    }

    [Fact]
    public async Task A_runtime_folder_that_is_not_there_is_named()
    {
        await using var proxy = new ProxyFixture();
        proxy.Options = proxy.Options with { RuntimeFolder = Path.Combine(proxy.Folder, "it's not there") };
        proxy.Write("ssh", Loopback);
        proxy.Write("downloads/linux-x64/quiesce-agent", "#!/bin/sh\n");

        var reply = await proxy.HandleAsync(ProxyFixture.Prepare(guest: ProxyFixture.Guest("ssh://root@host")));

        Assert.Equal(FailureCodes.Deploy, reply.Failure!.Code);
        Assert.Contains("could not be made", reply.Failure.Message, StringComparison.Ordinal);
        Assert.Contains("it's not there", reply.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_that_did_nothing_is_tried_again_when_the_operation_is_repeated()
    {
        await using var proxy = new ProxyFixture();
        proxy.Write("ssh", "#!/bin/sh\necho 'Connection refused' >&2\nexit 255\n");
        var request = ProxyFixture.Request(Verbs.TestMachine, new TestMachineRequest(), ContractsJson.Default.TestMachineRequest, guest: ProxyFixture.Guest("ssh://root@host"));
        Assert.NotNull((await proxy.HandleAsync(request)).Failure);

        proxy.Write("ssh", Loopback);

        Assert.Null((await proxy.HandleAsync(request)).Failure);
    }

    [Fact]
    public async Task Words_that_a_login_script_prints_do_no_harm()
    {
        await using var proxy = new ProxyFixture();
        proxy.Write("ssh", Loopback.Replace("exec", "echo 'Welcome to db1! { }'\nexec", StringComparison.Ordinal));

        var reply = await proxy.HandleAsync(ProxyFixture.Request(Verbs.TestMachine, new TestMachineRequest(), ContractsJson.Default.TestMachineRequest, guest: ProxyFixture.Guest("ssh://root@host")));

        Assert.Null(reply.Failure);
        Assert.Equal(Environment.UserName, reply.Body!.Value.GetProperty("account").GetString());
    }
}
