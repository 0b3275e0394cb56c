using System.Data;
using Dapper;

namespace Quiesce.Storage;

/// <summary>Moments in the database: whole microseconds since 1970 UTC, rounded down.</summary>
internal static class StoredTime
{
    public static long ToMicroseconds(this DateTimeOffset moment) =>
        (moment.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static long ToMicroseconds(this TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>To the next whole microsecond, so that a timer is never ready before its moment.</summary>
    public static DateTimeOffset RoundedUp(this DateTimeOffset moment) =>
        moment.AddTicks((TimeSpan.TicksPerMicrosecond - (moment.UtcTicks % TimeSpan.TicksPerMicrosecond)) % TimeSpan.TicksPerMicrosecond);

    public static DateTimeOffset FromMicroseconds(long microseconds) =>
        new(DateTime.UnixEpoch.Ticks + (microseconds * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    /// <summary>Teaches Dapper the same, and that a column session_id is the property SessionId.</summary>
    public static void TeachDapper()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
        SqlMapper.AddTypeHandler(new Handler());
    }

    private sealed class Handler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) => FromMicroseconds((long)value);

        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value)
        {
            parameter.DbType = DbType.Int64;
            parameter.Value = value.ToMicroseconds();
        }
    }
}
