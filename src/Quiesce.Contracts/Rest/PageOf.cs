namespace Quiesce.Contracts.Rest;

/// <summary>One page of a list.</summary>
/// <param name="Total">How many there are in all.</param>
/// <param name="Page">Which page this is, from 0.</param>
/// <param name="PageSize">How many a page holds at the most.</param>
public sealed record PageOf<T>(IReadOnlyList<T> Items, int Total, int Page, int PageSize);
