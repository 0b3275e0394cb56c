using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Quiesce.Server.Screens;

/// <summary>Blazor's script for browsers. It is a resource of an assembly that travels as a resource of ours (see Quiesce.Server.csproj for why); that assembly is read as a file and never loaded.</summary>
internal static class BlazorScript
{
    public const string Name = "_framework/blazor.web.js";

    /// <exception cref="InvalidOperationException">The build carries no script, or another one than it should.</exception>
    public static byte[] Read(Assembly ours)
    {
        using var carrier = ours.GetManifestResourceStream("console/blazor-script-carrier") ?? throw Missing("the assembly that carries it is not embedded");
        using var file = new PEReader(carrier);
        var metadata = file.GetMetadataReader();
        foreach (var handle in metadata.ManifestResources)
        {
            var resource = metadata.GetManifestResource(handle);
            if (metadata.GetString(resource.Name) != Name)
                continue;
            // Each resource is its length in four bytes, then its bytes.
            var section = file.GetSectionData(file.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress);
            var start = (int)resource.Offset;
            var length = BinaryPrimitives.ReadInt32LittleEndian(section.GetContent(start, sizeof(int)).AsSpan());
            return [.. section.GetContent(start + sizeof(int), length)];
        }

        throw Missing($"the assembly that should carry it has no resource '{Name}'");
    }

    private static InvalidOperationException Missing(string why) => new($"The console has no {Name}: {why}. Build Quiesce.Server again with BlazorScriptPackVersion of Directory.Packages.props.");
}
