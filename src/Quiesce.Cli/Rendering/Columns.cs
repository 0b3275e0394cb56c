namespace Quiesce.Cli.Rendering;

/// <summary>A list as aligned columns without borders, so that it can be read by eye and cut by other programs.</summary>
internal static class Columns
{
    /// <param name="empty">The line to print where there are no rows.</param>
    public static void Write(TextWriter output, string[] headings, IReadOnlyList<string[]> rows, string empty)
    {
        if (rows.Count == 0)
        {
            output.WriteLine(empty);
            return;
        }

        var widths = headings.Select((h, i) => Math.Max(h.Length, rows.Max(r => r[i].Length))).ToArray();
        foreach (var row in rows.Prepend(headings))
            output.WriteLine(string.Join("  ", row.Select((cell, i) => cell.ReplaceLineEndings(" ").PadRight(widths[i]))).TrimEnd());
    }
}
