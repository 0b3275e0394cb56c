using System.Text;

namespace Quiesce.Engine.Activities;

/// <summary>Answers the request that the workflow holds.</summary>
internal sealed class WriteHttpResponse : IActivity
{
    public ActivityDescriptor Descriptor { get; } = HttpDescriptors.WriteResponse;

    public void Execute(ActivityContext context)
    {
        var requestId = RequestOf(context);
        context.Emit(new RespondHttp
        {
            RequestId = requestId,
            StatusCode = StatusCodes.Read(context.GetInput("StatusCode")),
            Headers = HttpContent.Headers(context.GetInput("ResponseHeaders")),
            Body = HttpContent.Write(context.GetInput("Content"), context.GetInput<string>("ContentType")),
        });
        context.Complete();
    }

    /// <exception cref="ActivityFaultException">There is none, such as after a suspension.</exception>
    public static string RequestOf(ActivityContext context) =>
        context.Run.HttpRequestId ?? throw new ActivityFaultException(
            "there is no HTTP request to answer. Only what runs right after an HTTP endpoint, before the workflow waits for anything else, can answer its request.");
}

/// <summary>Answers the request with a file.</summary>
internal sealed class WriteFileHttpResponse : IActivity
{
    public ActivityDescriptor Descriptor { get; } = HttpDescriptors.WriteFileResponse;

    public void Execute(ActivityContext context)
    {
        var requestId = WriteHttpResponse.RequestOf(context);
        var content = context.GetInput("Content");
        var file = content as IDictionary<string, object?>;
        var name = context.GetInput<string>("Filename") ?? Values.ToText(file?["fileName"]) ?? "file";
        var type = context.GetInput<string>("ContentType") ?? Values.ToText(file?.TryGetValue("contentType", out var given) == true ? given : null) ?? "application/octet-stream";
        var bytes = (file?.TryGetValue("content", out var inner) == true ? inner : content) switch
        {
            byte[] raw => raw,
            string text => Encoding.UTF8.GetBytes(text),
            null => throw new ActivityFaultException("there is no file to send: 'Content' is empty."),
            var other => ValueConverter.Convert(other, ValueType.Find("ByteArray")!) as byte[]
                ?? throw new ActivityFaultException("'Content' is neither bytes, nor text, nor a file of an HTTP endpoint."),
        };
        List<HttpField> headers = [new("Content-Disposition", $"attachment; filename*=UTF-8''{Uri.EscapeDataString(name)}")];
        if (context.GetInput<string>("EntityTag") is { Length: > 0 } tag)
            headers.Add(new("ETag", tag.StartsWith('"') ? tag : $"\"{tag.Replace("\"", "", StringComparison.Ordinal)}\""));
        context.Emit(new RespondHttp { RequestId = requestId, StatusCode = 200, Headers = headers, Body = HttpBody.Of(bytes, type) });
        context.Complete();
    }
}
