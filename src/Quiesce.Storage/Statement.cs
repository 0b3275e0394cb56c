using System.Data.Common;
using System.Text.RegularExpressions;

namespace Quiesce.Storage;

/// <summary>A statement that is prepared once and run many times, with its parameters given in the order in which they first appear in the text.
/// For the few statements that run with every burst, where mapping by reflection would cost more than the work itself.</summary>
internal sealed partial class Statement : IDisposable
{
    private readonly DbCommand _command;
    private readonly DbParameter[] _parameters;

    public Statement(DbConnection connection, string sql)
    {
        _command = connection.CreateCommand();
        _command.CommandText = sql;
        foreach (var name in ParameterName().Matches(sql).Select(match => match.Value).Distinct())
        {
            var parameter = _command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = DBNull.Value;
            _command.Parameters.Add(parameter);
        }

        _parameters = [.. _command.Parameters.Cast<DbParameter>()];
    }

    /// <summary>Runs it and says how many rows it changed.</summary>
    public int Run(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return _command.ExecuteNonQuery();
    }

    /// <summary>Runs it for its rows.</summary>
    public DbDataReader Read(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return _command.ExecuteReader();
    }

    public void Dispose() => _command.Dispose();

    private void Bind(ReadOnlySpan<object?> values)
    {
        if (values.Length != _parameters.Length)
            throw new ArgumentException($"{_parameters.Length} values wanted, {values.Length} given: {_command.CommandText}", nameof(values));
        for (var i = 0; i < values.Length; i++)
        {
            _parameters[i].Value = values[i] switch
            {
                null => DBNull.Value,
                DateTimeOffset moment => moment.ToMicroseconds(),
                bool yes => yes ? 1L : 0L,
                var value => value,
            };
        }
    }

    [GeneratedRegex("@[a-z_]+")]
    private static partial Regex ParameterName();
}
