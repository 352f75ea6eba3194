namespace DsrService.Requests;

/// <summary>The body of an intake. Everything may be missing here; <see cref="SubmitChecks"/> says what is wrong with it.</summary>
internal sealed record SubmitInput
{
    public Right? Right { get; init; }
    public string? Language { get; init; }
    public string? Country { get; init; }
    public RequesterInput? Requester { get; init; }
    public SubjectInput? Subject { get; init; }
    public IReadOnlyList<IdentifierInput?>? Identifiers { get; init; }
    public string? Details { get; init; }
    public ErasureInput? Erasure { get; init; }
    public IReadOnlyList<CorrectionInput?>? Corrections { get; init; }
    public RestrictionInput? Restriction { get; init; }
    public ObjectionInput? Objection { get; init; }

    // Personal through and through: nothing of it is to print itself.
    public override string ToString() => "[personal]";
}

internal sealed record RequesterInput(string? Name, string? Email, Relation? Relation);

internal sealed record SubjectInput(string? Name, DateOnly? BirthDate);

internal sealed record IdentifierInput(string? Kind, string? Value);

internal sealed record ErasureInput(IReadOnlyList<ErasureGround>? Grounds, bool? TellWhenErased = null);

internal sealed record CorrectionInput(string? Field, string? Current, string? Requested, string? Statement, string? Evidence = null);

internal sealed record RestrictionInput(RestrictionGround? Ground);

internal sealed record ObjectionInput(string? Purpose, string? Grounds);
