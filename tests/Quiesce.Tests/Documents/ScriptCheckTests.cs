namespace Quiesce.Tests.Documents;

public sealed class ScriptCheckTests
{
    [Fact]
    public void A_script_that_was_not_sent_is_named_with_its_place()
    {
        var file = JobText.Read(JobText.Nightly, new Dictionary<string, byte[]> { ["quiesce-db.sh"] = JobText.Scripts["quiesce-db.sh"] });

        Assert.Equal(["13 /guestProcessing/scripts/linux/post: The script file 'resume-db.sh' was not sent. It has to exist; its name is relative to the job file."], file.Errors());
    }

    [Theory]
    [InlineData("linux", "x.sh", true)]
    [InlineData("linux", "x.py", false)]
    [InlineData("linux", "x.ps1", false)]
    [InlineData("linux", "x", false)]
    [InlineData("windows", "x.ps1", true)]
    [InlineData("windows", "X.CMD", true)]
    [InlineData("windows", "x.exe", true)]
    [InlineData("windows", "x.wsf", true)]
    [InlineData("windows", "x.sh", false)]
    public void Only_names_that_the_platform_can_run_are_taken(string platform, string name, bool taken)
    {
        var file = JobText.Read(Job(platform, name), new Dictionary<string, byte[]> { [name] = JobText.Bytes("echo 1\r\n") });

        Assert.Equal(taken, file.Job is not null);
        if (!taken)
            Assert.Contains($"'{name}' cannot be run on {platform}", Assert.Single(file.Errors()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_carriage_return_in_the_first_line_is_an_error() =>
        Assert.Contains("Save the file with Unix line ends", Assert.Single(Read("#!/bin/sh\r\necho 1\r\n").Errors()), StringComparison.Ordinal);

    [Fact]
    public void Carriage_returns_elsewhere_are_a_warning_and_the_script_is_taken_over()
    {
        var file = Read("#!/bin/sh\necho 1\r\n");

        Assert.NotNull(file.Job);
        Assert.Contains("Windows line ends", Assert.Single(file.Warnings()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData(null, "at most")]
    public void A_script_that_is_empty_or_enormous_is_refused(string? content, string words) =>
        Assert.Contains(words, Assert.Single(Read(content ?? new string('#', (1 << 20) + 1)).Errors()), StringComparison.Ordinal);

    [Fact]
    public void A_script_that_is_not_base64_is_refused()
    {
        var apply = JobText.Apply(Job("linux", "x.sh")) with { Scripts = new Dictionary<string, string> { ["x.sh"] = "%%%" } };

        Assert.Contains("is not base64", Assert.Single(Quiesce.Jobs.Documents.JobFile.Read(apply, _ => true).Errors()), StringComparison.Ordinal);
    }

    private static Quiesce.Jobs.Documents.JobFile Read(string content) =>
        JobText.Read(Job("linux", "x.sh"), new Dictionary<string, byte[]> { ["x.sh"] = JobText.Bytes(content) });

    private static string Job(string platform, string script) =>
        $$"""{ "name": "a", "machines": [ { "name": "m", "connect": "local", "platform": "{{platform}}" } ], "source": { "path": "/x" }, "guestProcessing": { "scripts": { "{{platform}}": { "pre": "{{script}}" } } } }""";
}
