namespace Quiesce.Jobs.Documents;

/// <summary>Finds the known name that somebody most likely meant.</summary>
internal static class NearestName
{
    /// <summary>The nearest known name by letters added, left out, swapped or mistaken; null where none is near.</summary>
    public static string? Of(string written, IEnumerable<string> known)
    {
        // A long name is no misspelling, and the distance costs its length squared.
        if (written.Length > 100)
            return null;
        var best = known.Select(name => (Name: name, Distance: Distance(written.ToLowerInvariant(), name.ToLowerInvariant()))).DefaultIfEmpty((Name: "", Distance: int.MaxValue)).MinBy(pair => pair.Distance);
        return best.Distance <= Math.Max(2, written.Length / 3) ? best.Name : null;
    }

    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }

        return d[a.Length, b.Length];
    }
}
