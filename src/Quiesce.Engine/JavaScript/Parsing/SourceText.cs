namespace Quiesce.Engine.JavaScript.Parsing;

internal static class SourceText
{
    /// <summary>Line and column from 1.</summary>
    public static (int Line, int Column) Locate(string source, int position)
    {
        var line = 1;
        var start = 0;
        position = Math.Min(position, source.Length);
        for (var i = 0; i < position; i++)
        {
            if (source[i] != '\n')
                continue;
            line++;
            start = i + 1;
        }

        return (line, position - start + 1);
    }
}
