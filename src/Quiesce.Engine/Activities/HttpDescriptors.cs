namespace Quiesce.Engine.Activities;

/// <summary>What the HTTP activities look like in the toolbox.</summary>
internal static class HttpDescriptors
{
    private const string Category = "HTTP";
    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

    public static ActivityDescriptor Endpoint { get; } = new()
    {
        TypeName = HttpEndpoint.TypeName,
        DisplayName = "HTTP endpoint",
        Category = Category,
        Description = "Waits for a request on a path, or starts the workflow with it.",
        Kind = ActivityKind.Trigger,
        Inputs =
        [
            new("Path", "String") { Description = "Below /workflows; parameters in braces, such as /orders/{id}." },
            new("SupportedMethods", "List<String>") { DisplayName = "Supported methods", DefaultValue = new List<object?> { "GET" }, UiHint = UiHints.CheckList, Options = Methods },
            new("Authorize", "Boolean") { DefaultValue = false, UiHint = UiHints.Checkbox, Category = "Security", Description = "Takes requests of known callers only." },
            new("Policy", "String") { Category = "Security", Description = "The role that callers need." },
            new("RequestTimeout", "TimeSpan?") { DisplayName = "Request timeout", Category = "Upload" },
            new("RequestSizeLimit", "Int64?") { DisplayName = "Request size limit", Category = "Upload", Description = "In bytes." },
            new("FileSizeLimit", "Int64?") { DisplayName = "File size limit", Category = "Upload", Description = "In bytes, for each file." },
            new("AllowedFileExtensions", "List<String>") { DisplayName = "Allowed file extensions", Category = "Upload", UiHint = UiHints.MultiText },
            new("BlockedFileExtensions", "List<String>") { DisplayName = "Blocked file extensions", Category = "Upload", UiHint = UiHints.MultiText },
            new("AllowedMimeTypes", "List<String>") { DisplayName = "Allowed MIME types", Category = "Upload", UiHint = UiHints.MultiText },
            Flag("ExposeRequestTooLargeOutcome", "Expose 'Request too large'"),
            Flag("ExposeFileTooLargeOutcome", "Expose 'File too large'"),
            Flag("ExposeInvalidFileExtensionOutcome", "Expose 'Invalid file extension'"),
            Flag("ExposeInvalidFileMimeTypeOutcome", "Expose 'Invalid file MIME type'"),
        ],
        Outputs =
        [
            new("Result", "HttpRequest"),
            new("ParsedContent", "Object") { DisplayName = "Parsed content" },
            new("Files", "HttpFile[]"),
            new("File", "HttpFile"),
            new("RouteData", "ObjectDictionary") { DisplayName = "Route data" },
            new("QueryStringData", "ObjectDictionary") { DisplayName = "Query string data" },
            new("Headers", "ObjectDictionary"),
        ],
    };

    public static ActivityDescriptor WriteResponse { get; } = new()
    {
        TypeName = "Elsa.WriteHttpResponse",
        DisplayName = "HTTP response",
        Category = Category,
        Description = "Answers the request that the workflow holds.",
        Inputs =
        [
            new("StatusCode", "HttpStatusCode") { DisplayName = "Status code", DefaultValue = "OK", UiHint = UiHints.DropDown, Options = StatusCodes.Names },
            new("Content", "Object") { UiHint = UiHints.MultiLine },
            new("ContentType", "String") { DisplayName = "Content type", UiHint = UiHints.DropDown, Options = ["", "text/plain", "text/html", "application/json", "application/xml", "application/octet-stream"] },
            new("ResponseHeaders", "HttpHeaders") { DisplayName = "Response headers", UiHint = UiHints.JsonEditor, Category = "Advanced", DefaultSyntax = "Object" },
        ],
    };

    public static ActivityDescriptor WriteFileResponse { get; } = new()
    {
        TypeName = "Elsa.WriteFileHttpResponse",
        DisplayName = "HTTP file response",
        Category = Category,
        Description = "Answers the request that the workflow holds with a file.",
        Inputs =
        [
            new("ContentType", "String") { DisplayName = "Content type" },
            new("Filename", "String") { DisplayName = "File name" },
            new("EntityTag", "String") { DisplayName = "Entity tag" },
            new("Content", "Object") { DefaultSyntax = "JavaScript", Description = "Bytes, text, or a file of an HTTP endpoint." },
        ],
    };

    public static ActivityDescriptor Send { get; } = Resilient(new()
    {
        TypeName = SendHttpRequest.TypeName,
        DisplayName = "HTTP request",
        Category = Category,
        Description = "Sends a request and runs a branch by its status code.",
        Kind = ActivityKind.Task,
        Inputs = [.. SendInputs(), new("ExpectedStatusCodes", "Object") { DisplayName = "Expected status codes", IsWrapped = false, UiHint = UiHints.HttpStatusCodes }],
        Outputs = SendOutputs,
        Ports =
        [
            new("UnmatchedStatusCode", PortKind.Embedded) { DisplayName = "Unmatched status code" },
            new("FailedToConnect", PortKind.Embedded) { DisplayName = "Failed to connect" },
            new("Timeout", PortKind.Embedded),
        ],
        ChildLists = ["expectedStatusCodes.activity"],
    });

    public static ActivityDescriptor FlowSend { get; } = Resilient(new()
    {
        TypeName = "Elsa.FlowSendHttpRequest",
        DisplayName = "HTTP request (flow)",
        Category = Category,
        Description = "Sends a request and leaves by its status code.",
        Kind = ActivityKind.Task,
        Inputs = [.. SendInputs(), ExpectedCodes],
        Outputs = SendOutputs,
        Outcomes = ["200", "Unmatched status code", "Failed to connect", "Timeout", "Done"],
    });

    public static ActivityDescriptor Download { get; } = Resilient(new()
    {
        TypeName = "Elsa.DownloadHttpFile",
        DisplayName = "Download file",
        Category = Category,
        Description = "Downloads a file and leaves by its status code.",
        Kind = ActivityKind.Task,
        Inputs = [.. SendInputs(), ExpectedCodes],
        Outputs =
        [
            new("StatusCode", "Int32") { DisplayName = "Status code" },
            new("Result", "HttpFile"),
            new("ResponseContentBytes", "ByteArray") { DisplayName = "Content" },
            new("ResponseHeaders", "ObjectDictionary") { DisplayName = "Response headers" },
        ],
        Outcomes = ["200", "Unmatched status code", "Failed to connect", "Timeout", "Done"],
    });

    private static OutputDescriptor[] SendOutputs =>
    [
        new("StatusCode", "Int32") { DisplayName = "Status code" },
        new("ParsedContent", "Object") { DisplayName = "Parsed content" },
        new("ResponseHeaders", "ObjectDictionary") { DisplayName = "Response headers" },
        new("Result", "HttpResponseMessage"),
    ];

    private static InputDescriptor ExpectedCodes => new("ExpectedStatusCodes", "List<Int32>")
    {
        DisplayName = "Expected status codes",
        DefaultValue = new List<object?> { 200 },
        UiHint = UiHints.DynamicOutcomes,
        Options = ["Unmatched status code", "Failed to connect", "Timeout", "Done"],
    };

    private static InputDescriptor[] SendInputs() =>
    [
        new("Url", "Uri") { DisplayName = "URL" },
        new("Method", "String") { DefaultValue = "GET", UiHint = UiHints.DropDown, Options = Methods },
        new("Content", "Object") { UiHint = UiHints.MultiLine },
        new("ContentType", "String") { DisplayName = "Content type", UiHint = UiHints.DropDown, Options = ["", "text/plain", "application/json", "application/xml", "application/x-www-form-urlencoded"] },
        new("Authorization", "String") { Category = "Security", IsSensitive = true, Description = "Value of the Authorization header." },
        new("DisableAuthorizationHeaderValidation", "Boolean") { DisplayName = "Send the authorization unchecked", Category = "Security", UiHint = UiHints.Checkbox },
        new("RequestHeaders", "HttpHeaders") { DisplayName = "Request headers", Category = "Advanced", UiHint = UiHints.JsonEditor, DefaultSyntax = "Object" },
        new("EnableResiliency", "Boolean") { DisplayName = "Retry (old switch)", Category = "Obsolete", UiHint = UiHints.Checkbox, IsBrowsable = false },
    ];

    private static ActivityDescriptor Resilient(ActivityDescriptor descriptor) => descriptor with
    {
        CustomProperties = new() { ["Resilient"] = true, ["ResilienceCategory"] = "HTTP" },
    };

    private static InputDescriptor Flag(string name, string displayName) =>
        new(name, "Boolean") { DisplayName = displayName, IsWrapped = false, DefaultValue = false, UiHint = UiHints.Checkbox, Category = "Outcomes" };
}
