namespace Quiesce.Proxy.Channels;

/// <summary>A guest link ended without a goodbye while somebody waited on it.</summary>
internal sealed class LinkLostException(LinkEnd end) : Exception(end.Reason)
{
    public LinkEnd End { get; } = end;
}

/// <summary>Why a link ended.</summary>
/// <param name="Reason">In words, to stand inside a sentence.</param>
/// <param name="Unreadable">The other side sent something that is not the protocol.</param>
/// <param name="Goodbye">It was ended on purpose by the guest.</param>
internal sealed record LinkEnd(string Reason, bool Unreadable = false, bool Goodbye = false);
