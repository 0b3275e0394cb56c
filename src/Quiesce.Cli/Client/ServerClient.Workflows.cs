using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Quiesce.Contracts.Rest;

namespace Quiesce.Cli.Client;

/// <summary>The routes of workflows.</summary>
internal sealed partial class ServerClient
{
    public Task<IReadOnlyList<WorkflowSummary>> WorkflowsAsync(CancellationToken cancellation) => AllAsync("api/workflows", RestJson.Default.PageOfWorkflowSummary, cancellation);

    /// <param name="fileName">For the complaints.</param>
    public Task<WorkflowSummary> ImportWorkflowAsync(string document, string fileName, bool draft, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, $"api/workflows/import?file={Part(fileName)}{(draft ? "&draft=true" : "")}", Document(document), RestJson.Default.WorkflowSummary, cancellation);

    /// <summary>Takes every definition of a zip over; one that was refused carries its problem.</summary>
    public Task<IReadOnlyList<WorkflowSummary>> ImportWorkflowArchiveAsync(byte[] archive, bool draft, CancellationToken cancellation)
    {
        var body = new ByteArrayContent(archive);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        return SendAsync(HttpMethod.Post, $"api/workflows/archive{(draft ? "?draft=true" : "")}", body, RestJson.Default.IReadOnlyListWorkflowSummary, cancellation);
    }

    /// <param name="version"><c>latest</c>, <c>published</c> or a number; null for the one in force, else the latest.</param>
    public Task<string> ExportWorkflowAsync(string id, string? version, CancellationToken cancellation) =>
        TextAsync(HttpMethod.Get, $"api/workflows/{Part(id)}/export{(version is null ? "" : $"?version={Part(version)}")}", null, cancellation);

    /// <summary>Every workflow in a zip.</summary>
    public async Task<byte[]> WorkflowArchiveAsync(CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/workflows/archive");
        using var response = await CheckedAsync(request, HttpCompletionOption.ResponseContentRead, cancellation);
        return await response.Content.ReadAsByteArrayAsync(cancellation);
    }

    public Task<IReadOnlyList<WorkflowVersion>> WorkflowVersionsAsync(string id, CancellationToken cancellation) => GetAsync($"api/workflows/{Part(id)}/versions", RestJson.Default.IReadOnlyListWorkflowVersion, cancellation);

    public Task<WorkflowVersion> PublishWorkflowAsync(string id, CancellationToken cancellation) => SendAsync(HttpMethod.Post, $"api/workflows/{Part(id)}/publish", null, RestJson.Default.WorkflowVersion, cancellation);

    public Task<WorkflowVersion> RetractWorkflowAsync(string id, CancellationToken cancellation) => SendAsync(HttpMethod.Post, $"api/workflows/{Part(id)}/retract", null, RestJson.Default.WorkflowVersion, cancellation);

    public Task<WorkflowVersion> RevertWorkflowAsync(string id, int version, bool publish, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, $"api/workflows/{Part(id)}/revert/{version}{(publish ? "?publish=true" : "")}", null, RestJson.Default.WorkflowVersion, cancellation);

    /// <param name="version">Null for the workflow with all its versions.</param>
    public Task DeleteWorkflowAsync(string id, int? version, CancellationToken cancellation) => TextAsync(HttpMethod.Delete, $"api/workflows/{Part(id)}{(version is null ? "" : $"/versions/{version}")}", null, cancellation);

    /// <summary>Gives a workflow a file in the server's workflows folder.</summary>
    public Task<WorkflowFile> WriteWorkflowFileAsync(string id, CancellationToken cancellation) => SendAsync(HttpMethod.Post, $"api/workflows/{Part(id)}/file", null, RestJson.Default.WorkflowFile, cancellation);

    /// <param name="a">A document, or the name of a stored one.</param>
    public Task<IReadOnlyList<WorkflowChange>> CompareWorkflowsAsync(JsonNode a, JsonNode b, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, "api/workflows/compare", Body(new CompareWorkflows(a, b), RestJson.Default.CompareWorkflows), RestJson.Default.IReadOnlyListWorkflowChange, cancellation);
}
