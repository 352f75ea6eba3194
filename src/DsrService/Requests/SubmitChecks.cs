using System.Globalization;
using System.Text.RegularExpressions;
using DsrService.DataMap;
using DsrService.Sdk.Contracts;

namespace DsrService.Requests;

/// <summary>What an intake holds once it was found in order.</summary>
internal sealed record CheckedIntake(Right Right, string Language, string? Country, IntakeContent Content, IReadOnlyList<GivenIdentifier> Identifiers);

internal sealed record GivenIdentifier(IdentifierKind Kind, string Value);

/// <summary>Checks an intake against the controller's data map, field by field, and says everything that is wrong at once.
/// Keys are JSON paths; no message repeats what was sent.</summary>
internal sealed partial class SubmitChecks(ControllerDataMap map, DateOnly today, bool vouchedFor = false)
{
    public const int ShortText = 200;
    public const int LongText = 5000;
    private const int MostIdentifiers = 20;
    private const int MostCorrections = 20;
    private const int OldestPerson = 130;

    private readonly Dictionary<string, string[]> errors = [];

    public Result<CheckedIntake> Check(SubmitInput input)
    {
        var relation = input.Requester?.Relation ?? Relation.Self;
        var content = new IntakeContent
        {
            Requester = CheckRequester(input.Requester, relation),
            Subject = CheckSubject(input.Subject, relation),
            Details = Text("details", input.Details, LongText, lines: true),
            Erasure = CheckErasure(input),
            Corrections = CheckCorrections(input),
            Evidence = CheckEvidence(input),
            Restriction = CheckRestriction(input),
            Objection = CheckObjection(input),
        };
        var identifiers = CheckIdentifiers(input.Identifiers, content.Requester);
        CheckRight(input.Right);
        var country = CheckCountry(input.Country);
        var language = CheckLanguage(input.Language);
        return errors.Count > 0
            ? Failure.Invalid(errors)
            : new CheckedIntake(input.Right!.Value, language, country, content, identifiers);
    }

    private void CheckRight(Right? right)
    {
        if (right is null)
            Error("right", $"Choose one of: {string.Join(", ", map.Controller.Rights.Select(DsrJson.Kebab))}.");
        else if (!map.Controller.Rights.Contains(right.Value))
            Error("right", "This right is not offered here.");
    }

    // A language not offered is no reason to turn anybody away: the controller's first one is used.
    private string CheckLanguage(string? language)
    {
        if (language is not null && !LanguageTag().IsMatch(language))
            Error("language", "Must be a language tag such as en.");
        return map.Controller.Languages.FirstOrDefault(offered => offered == language)
            ?? map.Controller.Languages.FirstOrDefault(offered => offered == language?.Split('-')[0])
            ?? map.Controller.Languages[0];
    }

    private string? CheckCountry(string? country)
    {
        if (country is not null && !CountryCode().IsMatch(country))
            Error("country", "Must be a country code of two capital letters such as SE.");
        return country;
    }

    private RequesterContent CheckRequester(RequesterInput? requester, Relation relation)
    {
        var email = PlainText.Clean(requester?.Email);
        if (email is null)
            Error("requester.email", "Give the e-mail address at which we may answer you.");
        else if (PlainText.Refusal(email, MailboxAddress.Longest) is { } refusal)
            Error("requester.email", refusal);
        else if (!MailboxAddress.IsValid(email))
            Error("requester.email", "This is no e-mail address we can write to, such as name@example.org.");
        return new RequesterContent(Text("requester.name", requester?.Name, ShortText), email ?? "", relation);
    }

    private SubjectContent? CheckSubject(SubjectInput? subject, Relation relation)
    {
        if (relation == Relation.Self)
        {
            if (subject is not null)
                Error("subject", "Only where you write for somebody else.");
            return null;
        }
        var name = Text("subject.name", subject?.Name, ShortText);
        if (name is null && !vouchedFor && !errors.ContainsKey("subject.name"))
            Error("subject.name", "Name the person whose data it is.");
        if (subject?.BirthDate is { } birth && (birth > today || birth < today.AddYears(-OldestPerson)))
            Error("subject.birthDate", "Cannot be the birth date of a living person.");
        return new SubjectContent(name, subject?.BirthDate);
    }

    private List<GivenIdentifier> CheckIdentifiers(IReadOnlyList<IdentifierInput?>? given, RequesterContent requester)
    {
        var found = new List<GivenIdentifier>();
        // The requester's address says whose data it is only where the requester writes for himself or herself.
        if (requester.Relation == Relation.Self && map.FindIdentifierKind(IdentifierKind.Email) is { } email)
            found.Add(new GivenIdentifier(email, requester.Email));
        if (given?.Count > MostIdentifiers)
            Error("identifiers", string.Create(CultureInfo.InvariantCulture, $"May be {MostIdentifiers} at most."));
        foreach (var (index, identifier) in (given ?? []).Take(MostIdentifiers).Index())
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"identifiers[{index}]");
            if (map.FindIdentifierKind(identifier?.Kind ?? "") is not { } kind)
                Error($"{path}.kind", $"Choose one of: {string.Join(", ", map.IdentifierKinds.Select(known => known.Key))}.");
            else if (PlainText.Clean(identifier?.Value) is not { } value || !Accepts(kind, value))
                Error($"{path}.value", $"Does not look like this: {kind.Label.English}.");
            else if (!found.Exists(other => other.Kind.Key == kind.Key && kind.Normalise(other.Value) == kind.Normalise(value)))
                found.Add(new GivenIdentifier(kind, value));
        }
        return found;
    }

    private static bool Accepts(IdentifierKind kind, string value) =>
        PlainText.Refusal(value, MailboxAddress.Longest) is null && kind.Accepts(value) && (kind.Format != IdentifierFormat.Email || MailboxAddress.IsValid(value));

    private ErasureContent? CheckErasure(SubmitInput input)
    {
        if (!Belongs("erasure", input.Erasure is not null, input.Right, Right.Erasure))
            return null;
        var grounds = input.Erasure?.Grounds?.Distinct().ToList();
        if (grounds is { Count: > 1 } && grounds.Contains(ErasureGround.Unknown))
            Error("erasure.grounds", "Either you do not know, or you name grounds; not both.");
        return new ErasureContent(grounds is { Count: > 0 } ? grounds : [ErasureGround.Unknown], input.Erasure?.TellWhenErased ?? false);
    }

    private IReadOnlyList<Correction> CheckCorrections(SubmitInput input)
    {
        if (!Belongs("corrections", input.Corrections is { Count: > 0 }, input.Right, Right.Rectification))
            return [];
        if (input.Corrections is not { Count: > 0 } given)
        {
            Error("corrections", "Say what is wrong, and what it should be.");
            return [];
        }
        if (given.Count > MostCorrections)
            Error("corrections", string.Create(CultureInfo.InvariantCulture, $"May be {MostCorrections} at most."));
        // Two values for one field: guessing which is meant would write a wrong one.
        var wanted = new Dictionary<(string Field, string Current), string>();
        foreach (var (index, correction) in given.Take(MostCorrections).Index())
            if (correction is { Field: { } field, Requested: { } requested } && field != CorrectableField.Other && PlainText.Clean(requested) is { } value
                && !wanted.TryAdd((field, PlainText.Clean(correction.Current) ?? ""), value) && wanted[(field, PlainText.Clean(correction.Current) ?? "")] != value)
                Error(string.Create(CultureInfo.InvariantCulture, $"corrections[{index}].requested"), "You ask for another value of the same above. Which one is right?");
        return [.. given.Take(MostCorrections).Select(CheckCorrection)];
    }

    private Correction CheckCorrection(CorrectionInput? correction, int index)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"corrections[{index}]");
        if (correction?.Field is not { } name || name != CorrectableField.Other && !Fields().Contains(name))
            Error($"{path}.field", $"Choose one of: {string.Join(", ", Fields().Append(CorrectableField.Other))}.");
        var current = Text($"{path}.current", correction?.Current, ShortText * 3, lines: true);
        var requested = Text($"{path}.requested", correction?.Requested, ShortText * 3, lines: true);
        var statement = Text($"{path}.statement", correction?.Statement, LongText, lines: true);
        if (requested is null && statement is null && !errors.ContainsKey($"{path}.requested") && !errors.ContainsKey($"{path}.statement"))
            Error($"{path}.requested", "Say what it should be, or add a statement.");
        if (requested is not null && requested == current)
            Error($"{path}.requested", "This is what it says now. What should it say instead?");
        if (requested is not null && map.FindIdentifierKind(correction?.Field ?? "") is { } kind && !Accepts(kind, requested))
            Error($"{path}.requested", $"Does not look like this: {kind.Label.English}.");
        return new Correction(correction?.Field ?? "", current, requested, statement);
    }

    private List<CorrectionEvidence> CheckEvidence(SubmitInput input)
    {
        var evidence = new List<CorrectionEvidence>();
        if (input.Right == Right.Rectification)
            foreach (var (index, correction) in (input.Corrections ?? []).Take(MostCorrections).Index())
                if (Text(string.Create(CultureInfo.InvariantCulture, $"corrections[{index}].evidence"), correction?.Evidence, LongText, lines: true) is { } text)
                    evidence.Add(new(correction!.Field ?? "", text));
        return evidence;
    }

    private RestrictionContent? CheckRestriction(SubmitInput input)
    {
        if (!Belongs("restriction", input.Restriction is not null, input.Right, Right.Restriction))
            return null;
        if (input.Restriction?.Ground is { } ground)
            return new RestrictionContent(ground);
        Error("restriction.ground", $"Choose one of: {string.Join(", ", Enum.GetValues<RestrictionGround>().Select(DsrJson.Kebab))}.");
        return null;
    }

    private ObjectionContent? CheckObjection(SubmitInput input)
    {
        if (!Belongs("objection", input.Objection is not null, input.Right, Right.Objection))
            return null;
        var purpose = input.Objection?.Purpose;
        if (purpose is not (null or ObjectionContent.DirectMarketing) && !map.Activities.Any(activity => activity.Key == purpose))
            Error("objection.purpose", $"Must be {ObjectionContent.DirectMarketing}, the key of a processing activity, or absent.");
        return new ObjectionContent(purpose, Text("objection.grounds", input.Objection?.Grounds, LongText, lines: true));
    }

    // Sections of another right contradict the request: guessing which of both is meant could erase what was to be corrected.
    private bool Belongs(string section, bool there, Right? asked, Right right)
    {
        if (there && asked is not null && asked != right)
            Error(section, $"Belongs to a request for {DsrJson.Kebab(right)} only.");
        return asked == right;
    }

    private string? Text(string path, string? text, int limit, bool lines = false)
    {
        var clean = PlainText.Clean(text);
        if (clean is not null && PlainText.Refusal(clean, limit, lines) is { } refusal)
            Error(path, refusal);
        return clean;
    }

    private IEnumerable<string> Fields() => map.Systems.SelectMany(system => system.Fields).Select(field => field.Field).Distinct();

    private void Error(string path, string message) => errors.TryAdd(path, [message]);

    [GeneratedRegex(@"\A[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}\z")]
    private static partial Regex LanguageTag();

    [GeneratedRegex(@"\A[A-Z]{2}\z")]
    private static partial Regex CountryCode();
}
