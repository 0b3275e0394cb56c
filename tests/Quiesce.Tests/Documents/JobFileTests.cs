using System.Security.Cryptography;
using Quiesce.Contracts.Rest;
using Quiesce.Jobs.Documents;

namespace Quiesce.Tests.Documents;

public sealed class JobFileTests
{
    [Fact]
    public void A_job_is_read_with_its_scripts_under_their_hashes_and_its_key_file_made_absolute()
    {
        var file = JobText.Read(JobText.Nightly);

        Assert.Empty(file.Errors());
        var scripts = file.Job!.GuestProcessing.Scripts!.Linux!;
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(JobText.Scripts["quiesce-db.sh"])), scripts.PreSha256);
        Assert.Equal(JobText.Scripts["resume-db.sh"], file.Scripts.Single(script => script.Sha256 == scripts.PostSha256).Content);
        Assert.Equal("/etc/quiesce/keys/db1", file.Job.Machines[0].Identity);
    }

    [Fact]
    public void What_a_file_leaves_out_has_its_default()
    {
        var job = JobText.Read(JobText.Smallest).Job!;

        Assert.Equal("machine-snapshot", job.Workflow);
        Assert.Equal(4, job.MaxConcurrentMachines);
        Assert.Equal("linux", job.Machines[0].Platform);
        Assert.Equal(("directory", 7, "auto", 60), (job.Snapshot.Provider, job.Snapshot.Keep, job.Snapshot.Freeze, job.Snapshot.ThawAfterSeconds));
        Assert.Equal((3, 600), (job.Retry.Count, job.Retry.WaitSeconds));
        Assert.Equal((AppMode.RequireSuccess, 60), (job.GuestProcessing.Mode, job.GuestProcessing.GraceSeconds));
    }

    [Fact]
    public void Every_complaint_is_told_with_its_line_and_path()
    {
        var file = JobText.Read("""
            {
              "name": "nightly db",
              "maxConcurentMachines": 4,
              "machines": [
                { "name": "db1" },
                { "name": "here", "connect": "local", "platform": "linus" }
              ],
              "source": { "path": 5 },
              "snapshot": { "keep": -1, "provider": [] },
              "guestProcessing": { "mode": "requireSuccess" }
            }
            """);

        Assert.Null(file.Job);
        Assert.Equal(
            [
                "2 /name: 'name' has to begin with a letter or a digit and may go on with letters, digits, '.', '_' and '-'; it is 'nightly db'.",
                "3 /maxConcurentMachines: 'maxConcurentMachines' is not known here. Did you mean 'maxConcurrentMachines'?",
                "5 /machines/0: 'machines.0' needs 'connect', for example \"local\".",
                "6 /machines/1/platform: 'machines.1.platform' has to be one of linux, windows, not \"linus\". Did you mean 'linux'?",
                "8 /source/path: 'source.path' has to be a text in quotes, not 5.",
                "9 /snapshot/keep: 'snapshot.keep' has to be between 0 and 10000, not -1.",
                "9 /snapshot/provider: 'snapshot.provider' has to be one of directory, btrfs, command, not a list.",
                "10 /guestProcessing/mode: 'guestProcessing.mode' has to be one of RequireSuccess, IgnoreFailures, Disabled, not \"requireSuccess\". Did you mean 'RequireSuccess'?",
            ],
            file.Errors());
    }

    [Theory]
    [InlineData("{\n  \"name\": \"a\",\n}", 3, "there is a comma after the last entry")]
    [InlineData("{\n  \"name\" \"a\"\n}", 2, "This is not JSON")]
    [InlineData("", 1, "This is not JSON")]
    [InlineData("{} {}", 1, "This is not JSON")]
    [InlineData("{\n\"name\": \"\\ud800\"\n}", 2, "not Unicode")]
    public void A_mistake_in_the_syntax_is_told_with_its_line(string text, int line, string words)
    {
        var complaint = Assert.Single(JobText.Read(text).Complaints);

        Assert.Equal(line, complaint.Line);
        Assert.Contains(words, complaint.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "The document has to be an object")]
    [InlineData("null", "The document has to be an object")]
    [InlineData("{ \"name\": \"a\", \"name\": \"b\", \"machines\": [{\"name\":\"m\",\"connect\":\"local\"}], \"source\": {\"path\":\"/x\"} }", "'name' is written twice")]
    [InlineData("{ \"name\": \"a\", \"machines\": [], \"source\": {\"path\":\"/x\"} }", "needs at least 1 entry")]
    [InlineData("{ \"name\": \"a\", \"machines\": [{\"name\":\"m\",\"connect\":\"local\"}], \"source\": {\"path\":\"var\"} }", "absolute path on the guest")]
    [InlineData("{ \"name\": \"a\", \"machines\": [{\"name\":\"m\",\"connect\":\"local\"}], \"source\": {\"path\":\"/x\"}, \"retry\": {\"count\": 1e400} }", "whole number")]
    [InlineData("{ \"name\": \"a\", \"machines\": [{\"name\":\"m\",\"connect\":\"local\"}], \"source\": {\"path\":\"/x\"}, \"retry\": {\"count\": 99999999999999999999} }", "between 0 and 100")]
    [InlineData("{ \"name\": \"a\", \"machines\": [{\"name\":\"m\",\"connect\":\"local\"}], \"source\": {\"path\":\"/x\"}, \"snapshot\": null }", "has to be an object")]
    public void A_file_of_another_shape_is_refused_in_words(string text, string words) =>
        Assert.Contains(JobText.Read(text).Errors(), error => error.Contains(words, StringComparison.Ordinal));

    [Fact]
    public void A_file_nested_a_million_deep_is_refused_without_falling_over() =>
        Assert.Contains("nested deeper", Assert.Single(JobText.Read(new string('[', 1_000_000)).Complaints).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_of_ten_megabytes_is_refused() =>
        Assert.Contains("at most", Assert.Single(JobText.Read($$"""{ "name": "{{new string('a', 10 << 20)}}" }""").Complaints).Message, StringComparison.Ordinal);

    [Fact]
    public void Two_machines_of_one_name_are_refused_whatever_their_case()
    {
        var file = JobText.Read("""
            { "name": "a", "source": { "path": "/x" },
              "machines": [
                { "name": "db", "connect": "local" },
                { "name": "DB", "connect": "local" }
              ] }
            """);

        Assert.Equal(["4 /machines/1/name: The machine 'DB' is already entry 1 of the list, on line 3. Give each machine a name of its own."], file.Errors());
    }

    [Fact]
    public void A_workflow_that_is_not_there_is_refused() =>
        Assert.Contains("There is no published workflow 'nope'", Assert.Single(JobText.Read(JobText.Smallest.Replace("\"small\"", "\"small\", \"workflow\": \"nope\"", StringComparison.Ordinal)).Errors()), StringComparison.Ordinal);

    [Theory]
    [InlineData("local", null)]
    [InlineData("ssh://backup@10.20.0.11", null)]
    [InlineData("ssh://backup@10.20.0.11:2222", null)]
    [InlineData("ssh://CORP\\\\svc@win.example:22", null)]
    [InlineData("ssh://root@[fe80::1%eth0]:22", null)]
    [InlineData("ssh://10.20.0.11", "is not an ssh address")]
    [InlineData("ssh://user:secret@host", "is not an ssh address")]
    [InlineData("ssh://-oProxyCommand=x@host", "is not an ssh address")]
    [InlineData("ssh://user@-host", "is not an ssh address")]
    [InlineData("ssh://user@host/path", "is not an ssh address")]
    [InlineData("ssh://user@host:0", "between 1 and 65535")]
    [InlineData("ssh://user@host:99999", "between 1 and 65535")]
    [InlineData("https://host", "is no address of a machine")]
    public void An_address_is_local_or_ssh(string connect, string? complaint)
    {
        var errors = JobText.Read(JobText.Smallest.Replace("\"local\"", $"\"{connect}\"", StringComparison.Ordinal)).Errors();

        if (complaint is null)
            Assert.Empty(errors);
        else
            Assert.Contains(complaint, Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void The_command_provider_needs_all_three_commands()
    {
        var file = JobText.Read(JobText.Smallest.Replace("\"source\"", "\"snapshot\": { \"provider\": \"command\", \"create\": [\"/bin/snap\"] }, \"source\"", StringComparison.Ordinal));

        Assert.Equal(["needs 'delete'", "needs 'restore'"], file.Errors().Select(error => error[error.IndexOf("needs", StringComparison.Ordinal)..error.IndexOf(": program", StringComparison.Ordinal)]));
    }

    [Fact]
    public void A_frozen_btrfs_is_refused() =>
        Assert.Contains("hangs on a frozen file system", Assert.Single(JobText.Read(JobText.Nightly.Replace("\"keep\": 7", "\"keep\": 7, \"freeze\": \"always\"", StringComparison.Ordinal)).Errors()), StringComparison.Ordinal);

    [Fact]
    public void A_key_file_relative_to_a_file_elsewhere_is_refused() =>
        Assert.Contains("Write its absolute path there", Assert.Single(JobText.Read(JobText.Nightly, folder: null).Errors()), StringComparison.Ordinal);
}
