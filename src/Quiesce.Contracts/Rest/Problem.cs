namespace Quiesce.Contracts.Rest;

/// <summary>What every refusal is answered with: a problem document of RFC 9457.</summary>
/// <param name="Code">One of <see cref="ProblemCodes"/>: stable, for programs.</param>
/// <param name="Detail">What happened, to what, and what to do next: for people.</param>
/// <param name="Instance">The path that was asked.</param>
/// <param name="Complaints">What is wrong with a document, place by place.</param>
public sealed record Problem(string Type, string Title, int Status, string Code, string Detail, string Instance, IReadOnlyList<Complaint>? Complaints = null);
