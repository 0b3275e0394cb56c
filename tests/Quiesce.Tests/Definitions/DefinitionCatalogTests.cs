using Quiesce.Engine;
using Quiesce.Jobs.Activities;
using Quiesce.Jobs.Definitions;
using Quiesce.Storage;

namespace Quiesce.Tests.Definitions;

public sealed class DefinitionCatalogTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("quiesce-definitions-").FullName;
    private Store _store = null!;
    private DefinitionCatalog _catalog = null!;

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Workflows);
        _store = await Store.OpenAsync(Path.Combine(_folder, "quiesce.db"), TimeProvider.System, CancellationToken.None);
        _catalog = Catalog();
    }

    public async Task DisposeAsync()
    {
        _catalog.Dispose();
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_version_says_itself_which_one_it_is_and_stays_found_after_the_next()
    {
        await WriteAsync("mine.json", Flow.Document(Flow.Say("one"), "mine"));
        await _catalog.LoadAsync(CancellationToken.None);
        var first = _catalog.GetPublished("mine")!.Definition;
        await WriteAsync("mine.json", Flow.Document(Flow.Say("second"), "mine"));
        var change = Assert.Single(await _catalog.RescanAsync(CancellationToken.None));

        Assert.Equal((2, null), (change.Version, change.Problem));
        Assert.Equal(2, _catalog.GetPublished("mine")!.Definition.Version);
        Assert.Equal((1, first.Id), (_catalog.GetByVersionId(first.Id)!.Definition.Version, first.Id));
        Assert.Same(_catalog.GetByVersionId(first.Id), _catalog.Find(new DefinitionReference { VersionId = first.Id }));
    }

    [Fact]
    public async Task The_next_start_finds_every_version_and_makes_none_of_a_file_that_did_not_change()
    {
        await WriteAsync("mine.json", Flow.Document(Flow.Say("one"), "mine"));
        await _catalog.LoadAsync(CancellationToken.None);
        var first = _catalog.GetPublished("mine")!.Definition.Id;
        await WriteAsync("mine.json", Flow.Document(Flow.Say("second"), "mine"));
        await _catalog.RescanAsync(CancellationToken.None);

        using var next = Catalog();
        Assert.Empty(await next.LoadAsync(CancellationToken.None));
        Assert.Equal(2, next.GetPublished("mine")!.Definition.Version);
        Assert.Equal(1, next.GetByVersionId(first)!.Definition.Version);
    }

    [Fact]
    public async Task Two_files_of_one_definition_are_told_apart_and_the_first_stays_in_force()
    {
        await WriteAsync("a.json", Flow.Document(Flow.Say("one"), "mine"));
        await WriteAsync("b.json", Flow.Document(Flow.Say("two"), "mine"));

        var changes = await _catalog.LoadAsync(CancellationToken.None);

        Assert.Null(changes[0].Problem);
        Assert.Contains("already that of a.json", changes[1].Problem, StringComparison.Ordinal);
        Assert.Equal(["a.json", "b.json"], _catalog.List().Select(summary => summary.File));
        Assert.Equal(1, _catalog.GetPublished("mine")!.Definition.Version);
    }

    [Fact]
    public async Task A_draft_is_listed_and_not_in_force_and_may_still_leave_a_freeze()
    {
        await WriteAsync("mine.json", Flow.Document(Flow.Sequence("s", Flow.Freeze()), "mine", published: false));

        Assert.Null(Assert.Single(await _catalog.LoadAsync(CancellationToken.None)).Problem);
        Assert.Null(_catalog.GetPublished("mine"));
        Assert.False(Assert.Single(_catalog.List()).IsPublished);
        Assert.NotNull(_catalog.Find(new DefinitionReference { DefinitionId = "mine", Version = VersionSelector.Latest }));
    }

    [Fact]
    public async Task A_definition_without_an_id_goes_by_its_file()
    {
        await WriteAsync("hand-made.json", """{ "root": { "id": "say", "type": "Elsa.WriteLine" } }""");

        await _catalog.LoadAsync(CancellationToken.None);

        Assert.True(_catalog.IsPublished("hand-made"));
    }

    [Fact]
    public async Task A_deleted_file_leaves_its_version_in_force()
    {
        await WriteAsync("mine.json", Flow.Document(Flow.Say("one"), "mine"));
        await _catalog.LoadAsync(CancellationToken.None);
        File.Delete(Path.Combine(Workflows, "mine.json"));

        Assert.Empty(await _catalog.RescanAsync(CancellationToken.None));
        Assert.True(_catalog.IsPublished("mine"));
        Assert.Null(Assert.Single(_catalog.List()).File);
    }

    [Fact]
    public async Task A_broken_file_is_reported_once()
    {
        await WriteAsync("mine.json", "{");

        Assert.NotNull(Assert.Single(await _catalog.LoadAsync(CancellationToken.None)).Problem);
        Assert.Empty(await _catalog.RescanAsync(CancellationToken.None));
    }

    private string Workflows => Path.Combine(_folder, "workflows");

    private DefinitionCatalog Catalog() => new(_store, QuiesceActivities.Registry, Workflows, TimeProvider.System);

    private Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(Workflows, name), text);
}
