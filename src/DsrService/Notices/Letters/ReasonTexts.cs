using DsrService.Notices.Templates;

namespace DsrService.Notices.Letters;

/// <summary>The reasons of plans, scopes and receipts as the desk reads them, in English; letters have theirs in the person's
/// language. The texts stand in the words of each language.</summary>
internal static class ReasonTexts
{
    private static readonly LetterWords English = LetterSet.BuiltIn.In("en").Words(underUkLaw: false);

    /// <summary>The sentence for a code of <see cref="Applicability.Rules.ReasonCode"/>; words that are no code are given back as they are.</summary>
    public static string For(string reason) => English.Reason(reason);

    public static bool Knows(string reason) => English.KnowsReason(reason);
}
