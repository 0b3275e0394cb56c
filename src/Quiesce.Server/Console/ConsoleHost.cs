using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Quiesce.Jobs.Documents;
using Radzen;

namespace Quiesce.Server.Screens;

/// <summary>The operator's console: what it adds to a server, and the routes it answers.</summary>
internal static class ConsoleHost
{
    /// <summary>
    /// Everything but this server is refused. Inline style attributes stay allowed: Blazor and Radzen place and size elements through them; inline scripts and style elements are not.
    /// </summary>
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    public static void Add(IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents(circuits => circuits.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(1))
            // A job's document is edited as text, and one of thousands of machines has megabytes.
            .AddHubOptions(hub => hub.MaximumReceiveMessageSize = JobFile.MaxCharacters);
        services.AddRadzenComponents();
        services.AddCascadingAuthenticationState();
        services.AddSingleton<ConsoleAssets>().AddSingleton<Pulse>().AddSingleton<SessionFeeds>().AddSingleton<WorkflowDrawings>();
        services.AddScoped<Visitor>().AddScoped<Deeds>();
    }

    public static void Map(WebApplication web)
    {
        web.UseAntiforgery();
        ConsoleAssets.Map(web);
        web.MapRazorComponents<App>().AddInteractiveServerRenderMode(server => server.ContentSecurityFrameAncestorsPolicy = null).Add(endpoint =>
        {
            var next = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = context =>
            {
                Harden(context.Response.Headers);
                return next(context);
            };
        });
    }

    private static void Harden(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
    }
}
