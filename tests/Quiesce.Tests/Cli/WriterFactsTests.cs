using Microsoft.Data.Sqlite;
using Quiesce.Cli.Demo;

namespace Quiesce.Tests.Cli;

public sealed class WriterFactsTests
{
    [Fact]
    public void Commits_are_counted_up_to_the_line_that_says_quiesced()
    {
        var facts = Of("ready", "commit 1", "commit 2", "quiesced 2", "resumed 2", "commit 3");

        Assert.Equal(2, facts.AcknowledgedAtQuiesce);
        Assert.Equal(0, facts.WhileQuiesced);
        Assert.Equal(3, facts.Acknowledged);
    }

    [Fact]
    public void A_commit_of_an_application_that_called_itself_quiesced_is_noticed()
    {
        var facts = Of("commit 1", "quiesced 1", "commit 2", "resumed 2");

        Assert.Equal(1, facts.WhileQuiesced);
    }

    [Theory]
    [InlineData(3, 3, null, true)]
    [InlineData(3, 4, 4L, false)]
    public void A_restored_database_holds_only_if_every_acknowledged_order_is_there(int written, int acknowledged, long? missing, bool holds)
    {
        using var folder = new TemporaryFolder();
        Write(folder.File("orders.db"), Enumerable.Range(1, written).Select(i => (i, DemoWriter.ItemOf(i))));

        var restored = RestoredDatabase.Check(folder.File("orders.db"), acknowledged);

        Assert.Equal(missing, restored.Missing);
        Assert.Equal(written, restored.Orders);
        Assert.Equal(holds, restored.Holds(acknowledged));
    }

    [Fact]
    public void An_order_with_other_contents_than_were_committed_is_missing()
    {
        using var folder = new TemporaryFolder();
        Write(folder.File("orders.db"), [(1, DemoWriter.ItemOf(1)), (2, "something else")]);

        Assert.Equal(2, RestoredDatabase.Check(folder.File("orders.db"), 2).Missing);
    }

    [Fact]
    public void A_file_that_is_no_database_does_not_hold()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("orders.db"), new string('x', 5000));

        Assert.False(RestoredDatabase.Check(folder.File("orders.db"), 1).Holds(1));
        Assert.False(RestoredDatabase.Check(folder.File("absent.db"), 1).Holds(1));
    }

    private static WriterFacts Of(params string[] lines) => lines.Aggregate(new WriterFacts(0, null, null, 0, null, null), (facts, line) => facts.Take(line, 1));

    private static void Write(string file, IEnumerable<(int Id, string Item)> orders)
    {
        using var database = new SqliteConnection($"Data Source={file};Pooling=False");
        database.Open();
        using var command = database.CreateCommand();
        command.CommandText = "CREATE TABLE orders (id INTEGER PRIMARY KEY, item TEXT NOT NULL)";
        command.ExecuteNonQuery();
        foreach (var (id, item) in orders)
        {
            command.CommandText = $"INSERT INTO orders VALUES ({id}, '{item}')";
            command.ExecuteNonQuery();
        }
    }
}
