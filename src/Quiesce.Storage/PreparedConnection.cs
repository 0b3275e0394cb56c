using System.Data.Common;

namespace Quiesce.Storage;

/// <summary>A connection with the statements that were prepared on it. Used by one thread at a time.</summary>
internal sealed class PreparedConnection(DbConnection connection) : IDisposable
{
    // By reference: the texts are constants, and hashing them anew with every burst is waste.
    private readonly Dictionary<object, Statement> _statements = new(ReferenceEqualityComparer.Instance);

    /// <summary>For ordinary queries through Dapper.</summary>
    public DbConnection Db => connection;

    /// <summary>Set by a write that found, half-way, that it must not happen: what it wrote is undone, its result is still delivered.</summary>
    public bool IsUndone { get; private set; }

    /// <summary>The prepared form of a constant text.</summary>
    public Statement Prepared(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
            _statements[sql] = statement = new Statement(connection, sql);
        return statement;
    }

    /// <summary>Takes back what this write wrote so far and lets it answer with <paramref name="result"/>.</summary>
    public T Undo<T>(T result)
    {
        IsUndone = true;
        return result;
    }

    /// <summary>Forgets the last write's wish.</summary>
    public void StartWrite() => IsUndone = false;

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        connection.Dispose();
    }
}
