using DsrService.Applicability.Rules;
using DsrService.DataMap;
using DsrService.Requests;
using DsrService.Sdk.Contracts;

namespace DsrService.Tests.Applicability.Rules;

/// <summary>Our rules against the table of legal bases and rights that the Data Privacy Vocabulary publishes. Articles 13,
/// 14 and 77 stand in every letter and notice and Art. 22 is no right this service offers, so the table's pairs with them
/// have nothing to be compared with. The table knows no purposes, so marketing and research are left out here.</summary>
internal sealed class DpvOracleTests
{
    private static readonly string[] Compared = ["A15", "A16", "A17", "A18", "A20", "A21", "A7-3"];

    /// <summary>Where we differ, and why.</summary>
    private static readonly Dictionary<string, string> Differences = new()
    {
        ["public-task A17"] = "Art. 17(1)(c) names objections under Art. 21(1), which public tasks are open to; Art. 17(3)(b) stands "
            + "against it only while the task needs the data. A person decides.",
    };

    [Test]
    public void Rules_AgainstEveryPairOfTheTable_DifferOnlyWhereStated()
    {
        var found = new List<string>();
        foreach (var (basis, theirs, rights) in Table())
            foreach (var right in Compared)
                if (rights.Contains(right) != Available(basis, right))
                    found.Add($"{theirs}: {DsrJson.Kebab(basis)} {right}");

        Assert.That(found, Is.All.Matches<string>(difference => Differences.Keys.Any(known => difference.EndsWith(known, StringComparison.Ordinal))));
        Assert.That(Differences.Keys, Is.All.Matches<string>(known => found.Any(difference => difference.EndsWith(known, StringComparison.Ordinal))), "a difference that is none any more");
    }

    [Test]
    public void Table_ItsPairs_AreAllThere() =>
        Assert.That((Table().Count, Table().Sum(line => line.Rights.Count)), Is.EqualTo((16, 137)));

    private static List<(LegalBasis Basis, string Theirs, HashSet<string> Rights)> Table()
    {
        using var reader = new StreamReader(typeof(DpvOracleTests).Assembly.GetManifestResourceStream("dpv-legal-basis-rights.csv")!);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').Skip(1).Select(line => line.Split(';'))
            .Select(cells => (DsrJson.TryParseKebab<LegalBasis>(cells[0], out var basis) ? basis : throw new FormatException(cells[0]), cells[1], cells[2].Split(' ').ToHashSet()))];
    }

    // A right is there when some facts of a case bring it about, by itself or by a person's decision.
    private static bool Available(LegalBasis basis, string right) => right switch
    {
        "A15" => Gives(basis, Rows.Facts(Right.Access)),
        "A16" => RowRules.Decide(new CorrectableField("field", "category", RectificationProof.PersonsWord, LocalText.Of("Field")), Rows.Facts(Right.Rectification)).Decision == Decision.Grant,
        "A17" => Enum.GetValues<ErasureGround>().Any(ground => Gives(basis, Rows.Erasure(ground))),
        "A18" => Enum.GetValues<RestrictionGround>().Any(ground => Gives(basis, Rows.Facts(Right.Restriction) with { RestrictionGround = ground })),
        "A20" => Gives(basis, Rows.Facts(Right.Portability)),
        "A21" => Rows.Decide(Rows.Of(basis), Rows.Facts(Right.Objection)) is { Decision: Decision.Grant or Decision.Human, Article: "21(1)" },
        _ => Rows.Decide(Rows.Of(basis), Rows.Facts(Right.Objection)) is { Decision: Decision.Grant, Article: "7(3)" },
    };

    private static bool Gives(LegalBasis basis, CaseFacts facts) =>
        new[] { false, basis != LegalBasis.LegalObligation }.Any(ends => Rows.Decide(Rows.Of(basis, ends), facts).Decision is Decision.Grant or Decision.Partial or Decision.Human);
}
