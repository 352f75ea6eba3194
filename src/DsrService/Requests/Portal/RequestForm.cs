using System.Globalization;
using DsrService.DataMap;
using DsrService.Sdk.Contracts;
using DsrService.Web.Parts;
using Microsoft.Extensions.Primitives;

namespace DsrService.Requests.Portal;

/// <summary>The request form of one controller: its fields, what was typed into them, and what is wrong with it.</summary>
internal sealed class RequestForm(ControllerDataMap map, IReadOnlyDictionary<string, StringValues> typed)
{
    public const int Corrections = 4;

    /// <summary>Sent once and kept in the page: sending the same page twice makes one request.</summary>
    public const string OnceField = "once";

    private readonly Dictionary<string, string> fieldOfPath = [];
    private readonly Dictionary<string, string[]> unreadable = [];

    public ControllerDataMap Map => map;

    public FieldErrors Errors { get; private set; } = FieldErrors.None;

    /// <summary>Kinds asked for; the requester's own e-mail address has a field of its own.</summary>
    public IEnumerable<IdentifierKind> IdentifierKinds => map.IdentifierKinds.Where(kind => kind.AskedInForm && kind.Key != IdentifierKind.Email);

    public bool AsksForSubjectsEmail => map.FindIdentifierKind(IdentifierKind.Email) is not null;

    public IReadOnlyList<Option> CorrectableFields =>
    [
        new Option("", "Choose …"),
        .. map.Systems.SelectMany(system => system.Fields).DistinctBy(known => known.Field).Select(known => new Option(known.Field, known.Label.English)),
        new Option(CorrectableField.Other, "Something else"),
    ];

    /// <summary>What can be objected to: advertising always, other uses where their legal basis allows it.</summary>
    public IReadOnlyList<Option> Purposes =>
    [
        new Option(ObjectionContent.DirectMarketing, "Advertising", "Newsletters, offers, and advertisements chosen for you. It stops at once."),
        .. map.Activities.Where(activity => !activity.IsDirectMarketing && activity.LegalBasis is LegalBasis.LegitimateInterests or LegalBasis.PublicTask)
            .Select(activity => new Option(activity.Key, activity.Purpose.English)),
        new Option("", "Every use I may object to"),
    ];

    public string? Of(string field) => typed.TryGetValue(field, out var value) ? value.ToString() : null;

    public IReadOnlyList<string> AllOf(string field) => typed.TryGetValue(field, out var values) ? [.. values.OfType<string>()] : [];

    /// <summary>What was typed, as the public API would have it; sections that belong to other rights are left behind.</summary>
    public SubmitInput Read()
    {
        var right = Choice<Right>("right");
        var relation = Choice<Relation>("requester.relation") ?? Relation.Self;
        return new SubmitInput
        {
            Right = right,
            Requester = new RequesterInput(Of("requester.name"), Of("requester.email"), relation),
            Subject = relation == Relation.Self ? null : new SubjectInput(Of("subject.name"), BirthDate()),
            Identifiers = Identifiers(relation),
            Details = Of("details"),
            Erasure = right == Right.Erasure ? new ErasureInput(Grounds(), AllOf("erasure.tellWhenErased").Contains("yes")) : null,
            Corrections = right == Right.Rectification ? ReadCorrections() : null,
            Restriction = right == Right.Restriction ? new RestrictionInput(Choice<RestrictionGround>("restriction.ground")) : null,
            Objection = right == Right.Objection ? new ObjectionInput(Blank(Of("objection.purpose")), Of("objection.grounds")) : null,
        };
    }

    /// <summary>True if something typed could not even be read.</summary>
    public bool Unreadable => unreadable.Count > 0;

    /// <summary>Shows errors at their fields, whatever their JSON path.</summary>
    public void Show(IReadOnlyDictionary<string, string[]> errors)
    {
        var shown = new Dictionary<string, string[]>(unreadable);
        foreach (var (path, messages) in errors)
            shown.TryAdd(fieldOfPath.GetValueOrDefault(path, path), messages);
        Errors = new FieldErrors(shown);
    }

    private List<IdentifierInput> Identifiers(Relation relation)
    {
        var kinds = relation != Relation.Self && AsksForSubjectsEmail ? IdentifierKinds.Select(kind => kind.Key).Prepend(IdentifierKind.Email) : IdentifierKinds.Select(kind => kind.Key);
        var given = new List<IdentifierInput>();
        foreach (var kind in kinds)
            if (Blank(Of($"identifier.{kind}")) is { } value)
            {
                fieldOfPath[string.Create(CultureInfo.InvariantCulture, $"identifiers[{given.Count}].value")] = $"identifier.{kind}";
                given.Add(new IdentifierInput(kind, value));
            }
        return given;
    }

    private List<CorrectionInput> ReadCorrections()
    {
        fieldOfPath["corrections"] = "corrections[0].field";
        var given = new List<CorrectionInput>();
        for (var row = 0; row < Corrections; row++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"corrections[{row}]");
            string?[] values = [Blank(Of($"{name}.field")), Blank(Of($"{name}.current")), Blank(Of($"{name}.requested")), Blank(Of($"{name}.statement")), Blank(Of($"{name}.evidence"))];
            if (values.All(value => value is null))
                continue;
            foreach (var part in new[] { "field", "current", "requested", "statement", "evidence" })
                fieldOfPath[string.Create(CultureInfo.InvariantCulture, $"corrections[{given.Count}].{part}")] = $"{name}.{part}";
            given.Add(new CorrectionInput(values[0], values[1], values[2], values[3], values[4]));
        }
        return given;
    }

    private List<ErasureGround> Grounds()
    {
        var grounds = new List<ErasureGround>();
        foreach (var value in AllOf("erasure.grounds"))
            if (DsrJson.TryParseKebab<ErasureGround>(value, out var ground))
                grounds.Add(ground);
            else
                unreadable["erasure.grounds"] = ["Choose from the list."];
        return grounds;
    }

    private DateOnly? BirthDate()
    {
        if (Blank(Of("subject.birthDate")) is not { } text)
            return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return day;
        unreadable["subject.birthDate"] = ["Give the date as year-month-day, such as 2014-05-01."];
        return null;
    }

    private T? Choice<T>(string field) where T : struct, Enum
    {
        if (Blank(Of(field)) is not { } text)
            return null;
        if (DsrJson.TryParseKebab<T>(text, out var value))
            return value;
        unreadable[field] = ["Choose from the list."];
        return null;
    }

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
