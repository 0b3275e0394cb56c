using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.DependencyInjection;
using Quiesce.Contracts.Rest;
using Quiesce.Server.Studio.Live;

namespace Quiesce.Server.Studio;

/// <summary>The API that stock Elsa Studio calls, below <see cref="Prefix"/>, and the hub beside it.</summary>
internal static class StudioApi
{
    public const string Prefix = "/elsa/api";
    public const string Hub = "/elsa/hubs/workflow-instance";

    public static void AddServices(IServiceCollection services)
    {
        services.AddSingleton<ShownActivities>().AddSingleton<ActivityCatalog>().AddSingleton<DefinitionAnswers>().AddSingleton<DefinitionSaves>();
        services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true;
            compression.MimeTypes = ["application/json", "application/problem+json", "text/plain"];
        });
        services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = System.IO.Compression.CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = System.IO.Compression.CompressionLevel.Fastest);
        LiveUpdates.AddServices(services);
    }

    public static void Map(WebApplication web)
    {
        web.UseWhen(context => context.Request.Path.StartsWithSegments(Prefix, StringComparison.OrdinalIgnoreCase), below =>
        {
            below.UseResponseCompression();
            below.UseMiddleware<StudioRefusals>();
        });
        var api = web.MapGroup(Prefix);
        ServerFacts.Map(api);
        DescriptorReads.Map(api);
        ScriptTypes.Map(api);
        DefinitionReads.Map(api);
        DefinitionEdits.Map(api);
        DefinitionBulk.Map(api);
        DefinitionFiles.Map(api);
        DefinitionRuns.Map(api);
        DefinitionReloads.Map(api);
        Subgraph.Map(api);
        InstanceReads.Map(api);
        InstanceEdits.Map(api);
        Executions.Map(api);
        Signals.Map(api);
        // Reading what is not there is 404, which Studio survives where it asks for optional parts; anything else is a refusal it can show.
        api.MapFallback("{**path}", NothingAsync);
        web.MapHub<WorkflowInstanceHub>(Hub);
    }

    private static Task NothingAsync(HttpContext context) => StudioRefusals.WriteAsync(
        context, ProblemCodes.NotFound, [$"There is nothing at {context.Request.Method} {context.Request.Path}: this server does not have that part of Elsa."],
        HttpMethods.IsGet(context.Request.Method) ? StatusCodes.Status404NotFound : StatusCodes.Status400BadRequest);
}
