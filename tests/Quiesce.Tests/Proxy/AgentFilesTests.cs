using Quiesce.Proxy.Deploy;

namespace Quiesce.Tests.Proxy;

public sealed class AgentFilesTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("qa-");

    [Fact]
    public void A_launcher_without_its_assembly_is_passed_over_for_the_build_output_above()
    {
        var output = Folder("src/Quiesce.Agent/bin/Debug/net10.0");
        var program = Folder("src/Quiesce.Cli/bin/Debug/net10.0");
        File.WriteAllText(Path.Combine(program, "quiesce-agent"), "a copied launcher");
        File.WriteAllText(Path.Combine(output, "quiesce-agent"), "a launcher");
        File.WriteAllText(Path.Combine(output, "quiesce-agent.dll"), "its assembly");

        Assert.Equal(Path.Combine(output, "quiesce-agent"), AgentFiles.DiscoverLocal(program));
    }

    [Fact]
    public void A_published_agent_beside_the_program_comes_first()
    {
        var agent = Path.Combine(Folder("app/agent"), "quiesce-agent");
        using (var file = File.Create(agent))
            file.SetLength(20 * 1024 * 1024);

        Assert.Equal(agent, AgentFiles.DiscoverLocal(Path.Combine(folder.FullName, "app")));
    }

    [Fact]
    public void Where_there_is_none_the_place_where_it_was_looked_for_is_given()
    {
        Assert.Equal(Path.Combine(folder.FullName, "agent", "quiesce-agent"), AgentFiles.DiscoverLocal(folder.FullName));
    }

    public void Dispose() => folder.Delete(recursive: true);

    private string Folder(string name) => Directory.CreateDirectory(Path.Combine(folder.FullName, name)).FullName;
}
