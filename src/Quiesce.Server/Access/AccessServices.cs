using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Quiesce.Server.Api;
using Quiesce.Server.Hosting;

namespace Quiesce.Server.Access;

/// <summary>What log-ins need besides the keys themselves.</summary>
internal static class AccessServices
{
    /// <summary>Folder in the data folder with the keys that seal cookies.</summary>
    public const string SealFolder = "seals";

    public static void Add(IServiceCollection services, ServerOptions options, Foundation foundation)
    {
        var folder = Path.Combine(options.DataFolder, SealFolder);
        DataFolder.Prepare(folder);
        services.AddDataProtection().SetApplicationName("quiesce").PersistKeysToFileSystem(new DirectoryInfo(folder));
        services.AddSingleton(foundation.Cookie).AddSingleton<BrowserLogins>().AddSingleton<LoginLinks>().AddSingleton<WrongKeys>();
        services.AddSingleton<Idempotency>();
    }
}
