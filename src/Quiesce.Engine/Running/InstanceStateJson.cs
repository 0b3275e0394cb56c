using System.Text.Json.Nodes;

namespace Quiesce.Engine;

internal static class InstanceStateJson
{
    public static JsonObject Write(InstanceState state) => throw new NotImplementedException();

    public static byte[] WriteUtf8(InstanceState state) => throw new NotImplementedException();

    public static InstanceState Read(JsonObject json) => throw new NotImplementedException();

    public static InstanceState Read(ReadOnlySpan<byte> json) => throw new NotImplementedException();
}
