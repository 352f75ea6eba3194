namespace DsrService.Web.Parts;

/// <summary>What is wrong with a form, by the names of its fields. Cascades to the fields; empty when all is well.</summary>
public sealed class FieldErrors(IReadOnlyDictionary<string, string[]> errors)
{
    public static FieldErrors None { get; } = new(new Dictionary<string, string[]>());

    public bool Any => errors.Count > 0;

    public IEnumerable<(string Field, string Message)> All => errors.SelectMany(error => error.Value.Select(message => (error.Key, message)));

    /// <summary>The first error of a field.</summary>
    public string? Of(string field) => errors.TryGetValue(field, out var messages) ? messages.FirstOrDefault() : null;

    /// <summary>The id of a field's element: what the summary links to.</summary>
    public static string IdOf(string field) =>
        string.Concat("f-", field.Replace('.', '-').Replace("[", "-", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal));
}
