using DsrService.Applicability.Rules;

namespace DsrService.Notices.Letters;

/// <summary>The reasons of plans, scopes and receipts as the person reads them: whole sentences that name the article.</summary>
internal static class ReasonTexts
{
    /// <summary>The sentence for a code of <see cref="ReasonCode"/>; words that are no code are given back as they are.</summary>
    public static string For(string reason) => Texts.GetValueOrDefault(reason, reason);

    public static bool Knows(string reason) => Texts.ContainsKey(reason);

    private static readonly Dictionary<string, string> Texts = new(StringComparer.Ordinal)
    {
        [ReasonCode.Access] = "You have the right to a copy (Article 15 GDPR).",
        [ReasonCode.AccessRedacted] = "Other people's data stood in it and was blacked out (Article 15(4) GDPR).",
        [ReasonCode.AccessWeigh] = "A person still has to decide whether other people's rights stand against it (Article 15(4) GDPR).",
        [ReasonCode.OthersRights] = "Handing it over would harm the rights and freedoms of other people, whose data stands in it (Article 15(4) GDPR).",
        [ReasonCode.Rectify] = "You have the right to have it corrected or completed (Article 16 GDPR).",
        [ReasonCode.RectifyReview] = "A person still has to compare it with our records (Article 16 GDPR).",
        [ReasonCode.NotInaccurate] = "We compared what you told us with our records and found them accurate (Article 16 GDPR).",
        [ReasonCode.FieldUnknown] = "None of our systems holds this (Article 16 GDPR).",
        [ReasonCode.PurposeClosed] = "It is no longer needed (Article 17(1)(a) GDPR).",
        [ReasonCode.ConsentWithdrawn] = "You withdrew your consent (Article 17(1)(b) GDPR).",
        [ReasonCode.ObjectionToMarketing] = "You objected to direct marketing (Article 17(1)(c) GDPR).",
        [ReasonCode.ObjectionWeigh] = "A person still has to decide on your objection (Article 17(1)(c) GDPR).",
        [ReasonCode.ObjectionUpheld] = "You objected, and nothing of ours weighs more (Article 17(1)(c) GDPR).",
        [ReasonCode.UnlawfulReview] = "A person still has to decide whether it was processed unlawfully (Article 17(1)(d) GDPR).",
        [ReasonCode.Unlawful] = "It was processed unlawfully (Article 17(1)(d) GDPR).",
        [ReasonCode.LegalDutyReview] = "A person still has to find the law that demands erasure (Article 17(1)(e) GDPR).",
        [ReasonCode.LegalDuty] = "A law demands its erasure (Article 17(1)(e) GDPR).",
        [ReasonCode.Child] = "It was collected from a child (Article 17(1)(f) GDPR).",
        [ReasonCode.ExpressionWeigh] = "A person still has to weigh it against the freedom of expression and information (Article 17(3)(a) GDPR).",
        [ReasonCode.Expression] = "It is needed for the freedom of expression and information (Article 17(3)(a) GDPR).",
        [ReasonCode.LegalObligation] = "A law requires us to keep it (Article 17(3)(b) GDPR).",
        [ReasonCode.PublicTask] = "It is needed for a task in the public interest (Article 17(3)(b) GDPR).",
        [ReasonCode.PublicHealthWeigh] = "A person still has to decide whether public health needs it (Article 17(3)(c) GDPR).",
        [ReasonCode.PublicHealth] = "It is needed for public health (Article 17(3)(c) GDPR).",
        [ReasonCode.ResearchWeigh] = "A person still has to decide whether archiving, research or statistics need it (Article 17(3)(d) GDPR).",
        [ReasonCode.Research] = "It is needed for archiving, research or statistics, which its erasure would seriously impair (Article 17(3)(d) GDPR).",
        [ReasonCode.LegalClaims] = "It is needed for legal claims (Article 17(3)(e) GDPR).",
        [ReasonCode.LegalClaimsWeigh] = "A person still has to decide whether legal claims need it (Article 17(3)(e) GDPR).",
        [ReasonCode.StillNecessary] = "It is still needed for what it was collected for, and no other ground for its erasure applies (Article 17(1) GDPR).",
        [ReasonCode.AccuracyContested] = "You contest that it is accurate, and we are checking it (Article 18(1)(a) GDPR).",
        [ReasonCode.RestrictInsteadOfErase] = "You asked for restriction in place of erasure (Article 18(1)(b) GDPR).",
        [ReasonCode.NeededForClaims] = "You need it for legal claims (Article 18(1)(c) GDPR).",
        [ReasonCode.ObjectionPending] = "Your objection is not decided yet (Article 18(1)(d) GDPR).",
        [ReasonCode.RestrictionFound] = "One of the cases of Article 18(1) GDPR applies.",
        [ReasonCode.RestrictionCaseUnclear] = "A person still has to decide which case applies (Article 18(1) GDPR).",
        [ReasonCode.NoRestrictionCase] = "None of the four cases in which processing is restricted applies to it (Article 18(1) GDPR).",
        [ReasonCode.Portable] = "You have the right to take it with you (Article 20(1) GDPR).",
        [ReasonCode.PortableRedacted] = "Other people's data stood in it and was blacked out (Article 20(4) GDPR).",
        [ReasonCode.PortableWeigh] = "A person still has to decide whether other people's rights stand against it (Article 20(4) GDPR).",
        [ReasonCode.NotPortableBasis] =
            "It is processed neither on your consent nor on a contract with you, so it need not be portable (Article 20(1)(a) GDPR). You can have it by a request for access.",
        [ReasonCode.NotPortableManual] =
            "It is not processed by automated means, so it need not be portable (Article 20(1)(b) GDPR). You can have it by a request for access.",
        [ReasonCode.NotPortableDerived] =
            "You did not provide it: we derived it, or others gave it to us, so it need not be portable (Article 20(1) GDPR). You can have it by a request for access.",
        [ReasonCode.MarketingStopped] = "An objection to direct marketing always stops it (Article 21(3) GDPR).",
        [ReasonCode.ObjectionStopped] = "You objected, and nothing of ours weighs more (Article 21(1) GDPR).",
        [ReasonCode.ObjectionBalance] = "A person still has to weigh your objection (Article 21(1) GDPR).",
        [ReasonCode.CompellingGrounds] = "We found compelling legitimate grounds that override your interests (Article 21(1) GDPR).",
        [ReasonCode.WithdrawalOfConsent] = "It rested on your consent, which you withdrew (Article 7(3) GDPR).",
        [ReasonCode.NoObjectionBasis] =
            "It rests neither on legitimate interests nor on a public task, so there is no right to object to it (Article 21(1) GDPR). Your other rights remain.",
        [ReasonCode.AnotherController] = "It is held by a company that decides for itself; ask that company.",
        [ReasonCode.NoIdentifier] = "We know of nothing by which you could be found there (Article 11(2) GDPR). Give us such an identifier and we will look again.",
        [ReasonCode.NotSupported] = "The system that holds it could not be asked.",
    };
}
