namespace Quiesce.EndToEnd.Tests.Cli;

public sealed class BuildOutputTests
{
    [Theory]
    [InlineData("agent/quiesce-agent")]
    [InlineData("agent/quiesce-agent.dll")]
    [InlineData("workflows/job-session.json")]
    [InlineData("workflows/machine-snapshot.json")]
    public void The_agent_and_the_shipped_workflows_lie_beside_the_executable(string file) => Assert.True(File.Exists(Path.Combine(QuiesceProcess.BuildOutput, file)));
}
