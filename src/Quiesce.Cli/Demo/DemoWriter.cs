using Microsoft.Data.Sqlite;

namespace Quiesce.Cli.Demo;

/// <summary>A small real application: a SQLite database in WAL mode, every commit synced, and one line on stdout for each commit once it is durable.</summary>
/// <remarks>
/// Lines on stdout: <c>ready</c>, <c>commit N</c>, <c>quiesced N</c>, <c>resumed N</c>. Orders come over the named pipe <c>ask</c> (<c>quiesce</c> or <c>resume</c>)
/// and are answered over the named pipe <c>answer</c>, always after the line on stdout, so that whoever reads stdout knows the count before a script can go on.
/// </remarks>
internal sealed class DemoWriter
{
    public const string Ask = "ask";
    public const string Answer = "answer";

    private readonly object _gate = new();
    private readonly SqliteConnection _database;
    private readonly TextWriter _output;
    private long _committed;
    private bool _quiesced;
    private volatile bool _orderWaits;
    private bool _ended;

    private DemoWriter(SqliteConnection database, TextWriter output)
    {
        _database = database;
        _output = output;
    }

    /// <summary>Commits until <paramref name="parent"/> ends, which it does when the parent process dies, however it dies.</summary>
    public static int Run(string databaseFile, string controlFolder, TextWriter output, TextReader parent)
    {
        using var database = new SqliteConnection($"Data Source={databaseFile};Pooling=False");
        database.Open();
        Execute(database, "PRAGMA journal_mode=WAL");
        Execute(database, "PRAGMA synchronous=FULL");
        Execute(database, "CREATE TABLE orders (id INTEGER PRIMARY KEY, item TEXT NOT NULL)");
        var writer = new DemoWriter(database, output);
        Start(() =>
        {
            parent.ReadToEnd();
            writer.End();
        });
        Start(() => writer.TakeOrders(controlFolder));
        writer.Say("ready");
        writer.Write();
        return ExitCodes.Success;
    }

    /// <summary>What the row of an order must contain, so that a restored one can be checked.</summary>
    public static string ItemOf(long id) => $"item {id * 7919 % 1000:000} of order {id}";

    private void Write()
    {
        using var insert = _database.CreateCommand();
        insert.CommandText = "INSERT INTO orders (id, item) VALUES ($id, $item)";
        var id = insert.Parameters.Add("$id", SqliteType.Integer);
        var item = insert.Parameters.Add("$item", SqliteType.Text);
        while (true)
            lock (_gate)
            {
                // A lock is not fair: without stepping back, commit would follow commit while an order waits for the gate.
                while ((_quiesced || _orderWaits) && !_ended)
                    Monitor.Wait(_gate);
                if (_ended)
                    return;
                id.Value = _committed + 1;
                item.Value = ItemOf(_committed + 1);
                insert.ExecuteNonQuery();
                _committed++;
                Say($"commit {_committed}");
            }
    }

    private void End()
    {
        lock (_gate)
        {
            _ended = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void TakeOrders(string controlFolder)
    {
        // Opened for both directions, a named pipe never reports an end between two scripts.
        using var orders = new StreamReader(new FileStream(Path.Combine(controlFolder, Ask), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 1));
        while (orders.ReadLine() is { } order)
        {
            var answer = Obey(order.Trim());
            using var reply = new StreamWriter(new FileStream(Path.Combine(controlFolder, Answer), FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 1));
            reply.Write(answer + "\n");
        }
    }

    private string Obey(string order)
    {
        _orderWaits = true;
        lock (_gate)
        {
            _orderWaits = false;
            Monitor.PulseAll(_gate);
            switch (order)
            {
                case "quiesce":
                    _quiesced = true;
                    // Everything into the main file: the snapshot then needs no recovery, and the pipe to the disk is empty.
                    Execute(_database, "PRAGMA wal_checkpoint(TRUNCATE)");
                    return Say($"quiesced {_committed}");
                case "resume":
                    var answer = Say($"resumed {_committed}");
                    _quiesced = false;
                    return answer;
                default:
                    return $"unknown order {order}: use quiesce or resume";
            }
        }
    }

    private string Say(string line)
    {
        _output.WriteLine(line);
        _output.Flush();
        return line;
    }

    private static void Execute(SqliteConnection database, string statement)
    {
        using var command = database.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }

    private static void Start(Action work) => new Thread(() => work()) { IsBackground = true }.Start();
}
