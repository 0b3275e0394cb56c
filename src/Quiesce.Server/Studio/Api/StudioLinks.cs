using System.Text.Json.Nodes;

namespace Quiesce.Server.Studio;

/// <summary>
/// The links that switch Studio's buttons on: without <c>publish</c> a definition is read-only there, without <c>bulk-publish</c> the whole list is.
/// Studio follows none of them.
/// </summary>
internal static class StudioLinks
{
    /// <summary>Of one definition.</summary>
    public static JsonArray Of(string definitionId, bool mayEdit)
    {
        var path = $"/workflow-definitions/{Uri.EscapeDataString(definitionId)}";
        var links = new JsonArray(
            Link($"/workflow-definitions/by-definition-id/{Uri.EscapeDataString(definitionId)}", "self", "GET"), Link(path + "/versions", "versions", "GET"), Link(path + "/export", "export", "GET"),
            Link(path + "/execute", "execute", "POST"), Link(path + "/dispatch", "dispatch", "POST"), Link(path + "/bulk-dispatch", "bulk-dispatch", "POST"));
        if (!mayEdit)
            return links;
        links.Add(Link(path + "/publish", "publish", "POST"));
        links.Add(Link(path + "/retract", "retract", "POST"));
        links.Add(Link(path, "delete", "DELETE"));
        links.Add(Link("/workflow-definitions/import", "import", "POST"));
        links.Add(Link(path + "/update-references", "update-references", "POST"));
        return links;
    }

    /// <summary>Of the list.</summary>
    public static JsonArray OfList(bool mayEdit)
    {
        var links = new JsonArray(
            Link("/workflow-definitions", "self", "GET"), Link("/workflow-definitions/validation/is-name-unique", "is-name-unique", "GET"),
            Link("/workflow-definitions/query/count", "count", "GET"), Link("/workflow-definitions/many-by-id", "many-by-id", "GET"));
        if (!mayEdit)
            return links;
        links.Add(Link("/bulk-actions/delete/workflow-definitions/by-definition-id", "bulk-delete-by-definition-id", "POST"));
        links.Add(Link("/bulk-actions/delete/workflow-definitions/by-id", "bulk-delete-by-id", "POST"));
        links.Add(Link("/bulk-actions/publish/workflow-definitions/by-definition-ids", "bulk-publish", "POST"));
        links.Add(Link("/bulk-actions/retract/workflow-definitions/by-definition-ids", "bulk-retract", "POST"));
        links.Add(Link("/workflow-definitions/import", "import", "POST"));
        links.Add(Link("/workflow-definitions/import-files", "import-files", "POST"));
        links.Add(Link("/workflow-definitions", "create", "POST"));
        return links;
    }

    private static JsonObject Link(string path, string rel, string method) => new() { ["href"] = StudioApi.Prefix + path, ["rel"] = rel, ["method"] = method };
}
