using System.Xml.Linq;

namespace Quiesce.Tests;

/// <summary>Who may reference whom: the walls of the house. A change of this table is a change of the design.</summary>
public sealed class LayoutTests
{
    // project → ours it may reference | packages and frameworks it may reference
    private static readonly Dictionary<string, (string[] Projects, string[] Packages)> Allowed = new()
    {
        ["Quiesce.Contracts"] = ([], []),
        ["Quiesce.Engine"] = ([], []),
        ["Quiesce.Storage"] = (["Quiesce.Engine"], ["Dapper", "Microsoft.Data.Sqlite", "SQLitePCLRaw.bundle_e_sqlite3", "SQLitePCLRaw.core"]),
        ["Quiesce.Jobs"] = (["Quiesce.Contracts", "Quiesce.Storage"], ["Microsoft.Extensions.Logging.Abstractions"]),
        ["Quiesce.Server"] = (["Quiesce.Jobs"], ["Microsoft.AspNetCore.App", "MassTransit", "Microsoft.AspNetCore.OpenApi", "Radzen.Blazor"]),
        ["Quiesce.Proxy"] = (["Quiesce.Contracts"], ["Microsoft.AspNetCore.App", "MassTransit", "Polly.Core"]),
        ["Quiesce.Agent"] = (["Quiesce.Contracts"], []),
        ["Quiesce.Cli"] = (["Quiesce.Server", "Quiesce.Proxy", "Quiesce.Agent"], ["Microsoft.AspNetCore.App", "Spectre.Console", "System.CommandLine", "Microsoft.Data.Sqlite"]),
    };

    public static TheoryData<string> Projects => [.. Directory.GetDirectories(Path.Combine(RepositoryFolder.Path, "src")).Select(folder => Path.GetFileName(folder)).Order()];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_the_table_allows(string project)
    {
        Assert.True(Allowed.TryGetValue(project, out var allowed), $"{project} is not in the table: say there what it may reference");
        var file = XDocument.Load(Path.Combine(RepositoryFolder.Path, "src", project, $"{project}.csproj"));
        string[] Names(string element) => [.. file.Descendants(element).Select(one => (string?)one.Attribute("Include")).OfType<string>()];

        var projects = Names("ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')));
        Assert.Empty(projects.Except(allowed.Projects));
        Assert.Empty(Names("PackageReference").Concat(Names("FrameworkReference")).Except(allowed.Packages));
    }

    [Fact]
    public void The_agents_assembly_is_never_loaded_by_the_command_line()
    {
        var cli = XDocument.Load(Path.Combine(RepositoryFolder.Path, "src", "Quiesce.Cli", "Quiesce.Cli.csproj"));
        var agent = cli.Descendants("ProjectReference").Single(one => ((string?)one.Attribute("Include"))!.Contains("Agent", StringComparison.Ordinal));

        Assert.Equal("false", (string?)agent.Attribute("ReferenceOutputAssembly"));
    }

    [Fact]
    public void Every_package_version_is_in_one_place()
    {
        var files = Directory.EnumerateFiles(RepositoryFolder.Path, "*.csproj", SearchOption.AllDirectories);

        Assert.All(files, file => Assert.DoesNotContain(XDocument.Load(file).Descendants("PackageReference"), one => one.Attribute("Version") is not null));
    }

    [Fact]
    public void Names_that_say_nothing_do_not_occur()
    {
        string[] empty = ["Manager", "Helper", "Util", "Utils", "Base", "Impl", "Abstractions", "Common"];
        var names = Directory.EnumerateFiles(Path.Combine(RepositoryFolder.Path, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal)).Select(file => Path.GetFileNameWithoutExtension(file)!);

        Assert.DoesNotContain(names, name => empty.Any(word => name.EndsWith(word, StringComparison.Ordinal)));
    }
}
