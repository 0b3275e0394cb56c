using System.Globalization;
using Dapper;

namespace Quiesce.Storage;

public sealed partial class Store
{
    /// <summary>A page of instances without state documents, and how many the query matches in all. Answered from one index: no state document is read.</summary>
    public Task<(IReadOnlyList<InstanceSummary> Items, int Total)> ListInstancesAsync(InstanceQuery query, CancellationToken ct) =>
        ReadAsync<(IReadOnlyList<InstanceSummary>, int)>(c =>
        {
            DynamicParameters parameters = new();
            parameters.Add("skip", (long)query.Page * query.PageSize);
            parameters.Add("take", query.PageSize);
            var where = Where(query, parameters);
            var items = c.Db.Query<InstanceSummary>(
                $"SELECT {InstanceColumns} FROM instances i INDEXED BY instances_list{where} ORDER BY {Order(query)} LIMIT @take OFFSET @skip", parameters).AsList();
            // A first page that is not full is the whole of it.
            var total = query.Page == 0 && items.Count < query.PageSize
                ? items.Count
                : c.Db.ExecuteScalar<int>($"SELECT COUNT(*) FROM instances i INDEXED BY instances_list{where}", parameters);
            return (items, total);
        }, ct);

    /// <summary>An instance without its state document; null when it does not exist.</summary>
    public Task<InstanceSummary?> InstanceSummaryAsync(string instanceId, CancellationToken ct) =>
        ReadAsync(c => c.Db.QuerySingleOrDefault<InstanceSummary>($"SELECT {InstanceColumns} FROM instances i WHERE i.id = @instanceId", new { instanceId }), ct);

    private static string Where(InstanceQuery query, DynamicParameters parameters)
    {
        List<string> terms = [];
        void Is(string column, object? value)
        {
            if (value is null)
                return;
            parameters.Add($"p{terms.Count}", value);
            terms.Add($"{column} = @p{terms.Count}");
        }

        void In(string column, IReadOnlyList<string> values)
        {
            if (values.Count == 0)
                return;
            parameters.Add($"p{terms.Count}", values);
            terms.Add($"{column} IN @p{terms.Count}");
        }

        In("i.id", query.Ids);
        In("i.definition_id", query.DefinitionIds);
        Is("i.definition_version_id", query.DefinitionVersionId);
        Is("i.definition_version", query.Version);
        Is("i.correlation_id", query.CorrelationId);
        Is("i.parent_id", query.ParentId);
        Is("i.session_id", query.SessionId);
        Is("i.is_system", query.IsSystem is { } isSystem ? (isSystem ? 1 : 0) : null);
        In("i.status", query.Statuses);
        In("i.sub_status", query.SubStatuses);
        if (query.HasIncidents is { } has)
            terms.Add(has ? "i.incident_count > 0" : "i.incident_count = 0");
        if (!string.IsNullOrWhiteSpace(query.SearchTerm))
        {
            parameters.Add("search", $"%{Escaped(query.SearchTerm.Trim())}%");
            terms.Add(@"(i.id LIKE @search ESCAPE '\' OR i.name LIKE @search ESCAPE '\' OR i.correlation_id LIKE @search ESCAPE '\' OR i.definition_id LIKE @search ESCAPE '\')");
        }

        foreach (var filter in query.Timestamps)
        {
            parameters.Add($"p{terms.Count}", filter.Timestamp);
            terms.Add(string.Create(CultureInfo.InvariantCulture, $"{Column(filter.Column)} {Comparison(filter.Operator)} @p{terms.Count}"));
        }

        return terms.Count == 0 ? "" : " WHERE " + string.Join(" AND ", terms);
    }

    private static string Escaped(string text) => text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal);

    // What was created in the same moment keeps the order of its arrival, so that pages never overlap.
    private static string Order(InstanceQuery query)
    {
        var way = query.Descending ? "DESC" : "ASC";
        return query.OrderBy switch
        {
            InstanceOrder.LastExecuted => $"i.updated_at {way}, i.seq {way}",
            InstanceOrder.Finished => $"i.finished_at {way} NULLS LAST, i.seq {way}",
            InstanceOrder.Name => $"i.name COLLATE NOCASE {way} NULLS LAST, i.seq {way}",
            _ => $"i.created_at {way}, i.seq {way}",
        };
    }

    private static string Column(InstanceMoment moment) => moment switch
    {
        InstanceMoment.UpdatedAt => "i.updated_at",
        InstanceMoment.FinishedAt => "i.finished_at",
        _ => "i.created_at",
    };

    private static string Comparison(MomentComparison comparison) => comparison switch
    {
        MomentComparison.IsNot => "IS NOT",
        MomentComparison.LessThan => "<",
        MomentComparison.GreaterThan => ">",
        MomentComparison.LessThanOrEqual => "<=",
        MomentComparison.GreaterThanOrEqual => ">=",
        _ => "=",
    };
}
