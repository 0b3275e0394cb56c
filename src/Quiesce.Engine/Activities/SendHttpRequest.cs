using System.Globalization;
using System.Text.Json.Nodes;

namespace Quiesce.Engine.Activities;

/// <summary>Sends a request and runs the branch of its status code, or the one of what went wrong; a branch that is not there is no fault.</summary>
public sealed class SendHttpRequest : IActivity
{
    /// <summary>Name of the bookmarks of everything that sends a request.</summary>
    public const string TypeName = "Elsa.SendHttpRequest";

    /// <inheritdoc/>
    public ActivityDescriptor Descriptor { get; } = HttpDescriptors.Send;

    /// <summary>Hash of the bookmark that waits for the answer to a request.</summary>
    public static string HashOf(string requestId) => Bookmark.HashOf(TypeName, Payload(requestId));

    /// <inheritdoc/>
    // The plan: the status code of each branch.
    public object? Prepare(NodeDraft draft) =>
        (Json.List(draft.Json.Find("expectedStatusCodes")) ?? [])
            .Select(e => int.TryParse((e as JsonObject)?.Text("statusCode"), NumberStyles.Integer, CultureInfo.InvariantCulture, out var code) ? code : -1)
            .ToArray();

    /// <inheritdoc/>
    public void Execute(ActivityContext context) => HttpSending.Send(context);

    /// <inheritdoc/>
    public void Resume(ActivityContext context, Resumption resumption)
    {
        var reply = HttpSending.Take(context, resumption);
        if (reply.StatusCode is not { } code)
        {
            context.Schedule(context.Node.Child(reply.Failure == HttpFailure.Timeout ? "Timeout" : "FailedToConnect"));
            return;
        }

        context.SetOutput("ParsedContent", HttpSending.Parsed(reply));
        context.SetOutput("Result", new Dictionary<string, object?>
        {
            ["statusCode"] = code,
            ["headers"] = HttpField.ToMap(reply.Headers),
            ["contentType"] = reply.Body?.ContentType,
        });
        var branch = Array.IndexOf((int[])context.Node.Plan!, code);
        context.Schedule(branch >= 0 ? context.Node.ChildrenOf("expectedStatusCodes.activity")[branch] : context.Node.Child("UnmatchedStatusCode"));
    }

    internal static JsonObject Payload(string requestId) => new() { ["requestId"] = requestId };
}

/// <summary>Sends a request and leaves by its status code.</summary>
internal sealed class FlowSendHttpRequest : IActivity
{
    public ActivityDescriptor Descriptor { get; } = HttpDescriptors.FlowSend;

    public void Execute(ActivityContext context) => HttpSending.Send(context);

    public void Resume(ActivityContext context, Resumption resumption)
    {
        var reply = HttpSending.Take(context, resumption);
        if (reply.StatusCode is { } code)
        {
            context.SetOutput("ParsedContent", HttpSending.Parsed(reply));
            context.SetOutput("Result", new Dictionary<string, object?>
            {
                ["statusCode"] = code,
                ["headers"] = HttpField.ToMap(reply.Headers),
                ["contentType"] = reply.Body?.ContentType,
            });
        }

        context.Complete(HttpSending.Outcomes(context, reply));
    }
}

/// <summary>Downloads a file.</summary>
internal sealed class DownloadHttpFile : IActivity
{
    public ActivityDescriptor Descriptor { get; } = HttpDescriptors.Download;

    public void Execute(ActivityContext context) => HttpSending.Send(context);

    public void Resume(ActivityContext context, Resumption resumption)
    {
        var reply = HttpSending.Take(context, resumption);
        if (reply.Body is { } body)
        {
            var bytes = body.ToBytes();
            context.SetOutput("ResponseContentBytes", bytes);
            context.SetOutput("Result", HttpContent.File(new("", FileName(reply), body.ContentType, bytes.LongLength, bytes)));
        }

        context.Complete(HttpSending.Outcomes(context, reply));
    }

    private static string FileName(HttpReply reply)
    {
        var disposition = reply.Headers.FirstOrDefault(h => h.Name.Equals("Content-Disposition", StringComparison.OrdinalIgnoreCase))?.Value ?? "";
        foreach (var part in disposition.Split(';').Select(p => p.Trim()))
        {
            if (part.StartsWith("filename*=UTF-8''", StringComparison.OrdinalIgnoreCase))
                return Uri.UnescapeDataString(part[17..]);
            if (part.StartsWith("filename=", StringComparison.OrdinalIgnoreCase))
                return part[9..].Trim('"');
        }

        return "file";
    }
}
