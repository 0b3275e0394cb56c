using System.Runtime.Versioning;
using System.Text;
using Quiesce.Agent.Scripts;

namespace Quiesce.Tests.Agent;

[SupportedOSPlatform("linux")]
public sealed class CappedOutputTests
{
    private static string Fed(int total, int piece)
    {
        var output = new CappedOutput();
        var bytes = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, total).Select(i => (char)('a' + i % 26))));
        for (var at = 0; at < total; at += piece)
            output.Add(bytes.AsSpan(at, Math.Min(piece, total - at)));
        return output.ToString();
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(65_536, 1000)]
    [InlineData(65_537, 65_537)]
    [InlineData(131_072, 777)]
    public void Up_to_twice_64_KiB_nothing_is_left_out(int total, int piece) => Assert.Equal(total, Fed(total, piece).Length);

    [Theory]
    [InlineData(131_073, 1)]
    [InlineData(1_000_000, 4096)]
    [InlineData(1_000_000, 1_000_000)]
    public void Beyond_that_the_middle_is_left_out_and_counted(int total, int piece)
    {
        var text = Fed(total, piece);
        Assert.Contains($"[... {total - 131_072} bytes left out ...]", text, StringComparison.Ordinal);
        Assert.StartsWith("abcdef", text, StringComparison.Ordinal);
        Assert.Equal((char)('a' + (total - 1) % 26), text[^1]);
    }

    [Fact]
    public void Bytes_that_are_no_text_do_no_harm()
    {
        var output = new CappedOutput();
        output.Add([0xFF, 0xFE, 0x00, (byte)'x']);
        Assert.EndsWith("x", output.ToString(), StringComparison.Ordinal);
    }
}
