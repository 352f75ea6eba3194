using System.Diagnostics.CodeAnalysis;

namespace DsrService;

/// <summary>An expected "no". The code is stable (<c>area.reason</c>); the message helps the caller and holds no personal data.</summary>
internal sealed record Failure(string Code, string Message, int Status = StatusCodes.Status409Conflict)
{
    /// <summary>Field errors, keyed by JSON path such as <c>requester.email</c>.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>Further members of the problem document, such as <c>allowedMoves</c>.</summary>
    public IReadOnlyDictionary<string, object?>? Extensions { get; init; }

    /// <summary>For the log: the codes of the receipt's problems and where they are, without a word that somebody wrote.</summary>
    public string Reasons => Errors is null ? Code : $"{Code} ({string.Join(", ", Errors.SelectMany(path => path.Value.Select(problem => $"{problem.Split(':')[0]} at {path.Key}")))})";

    /// <summary>For people who see to it: what is wrong and where, a line each.</summary>
    public string Details => Errors is null ? Message : string.Join('\n', Errors.SelectMany(path => path.Value.Select(problem => $"{path.Key}: {problem}")));

    public static Failure Invalid(IReadOnlyDictionary<string, string[]> errors) =>
        new("request.invalid", "Some fields need another look.", StatusCodes.Status400BadRequest) { Errors = errors };

    public static Failure NotFound(string code = "request.not_found") =>
        new(code, "There is nothing here under that name, or it is not for you.", StatusCodes.Status404NotFound);
}

/// <summary>What an operation gives: a value, or the <see cref="Failure"/> that says why not.</summary>
internal readonly struct Result<T>
{
    private Result(T? value, Failure? failure) => (Value, Failure) = (value, failure);

    public T? Value { get; }

    public Failure? Failure { get; }

    [MemberNotNullWhen(true, nameof(Failure))]
    [MemberNotNullWhen(false, nameof(Value))]
    public bool Failed => Failure is not null;

    /// <summary>For values of interface types, which convert to nothing by themselves.</summary>
    public static Result<T> Of(T value) => new(value, null);

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Failure failure) => new(default, failure);
}
