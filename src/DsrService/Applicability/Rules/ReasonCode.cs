namespace DsrService.Applicability.Rules;

/// <summary>The reasons a row can have, as they stand in plans, scopes and receipts. Never renamed.</summary>
internal static class ReasonCode
{
    public const string Access = "15-1";
    public const string AccessRedacted = "15-4-redacted";
    public const string AccessWeigh = "15-4-weigh";
    public const string OthersRights = "15-4";
    public const string Rectify = "16";
    public const string RectifyReview = "16-review";
    public const string NotInaccurate = "16-accurate";
    public const string FieldUnknown = "16-field-unknown";
    public const string PurposeClosed = "17-1-a";
    public const string ConsentWithdrawn = "17-1-b";
    public const string ObjectionToMarketing = "17-1-c-marketing";
    public const string ObjectionWeigh = "17-1-c-weigh";
    public const string ObjectionUpheld = "17-1-c";
    public const string UnlawfulReview = "17-1-d-review";
    public const string Unlawful = "17-1-d";
    public const string LegalDutyReview = "17-1-e-review";
    public const string LegalDuty = "17-1-e";
    public const string Child = "17-1-f";
    public const string ExpressionWeigh = "17-3-a-weigh";
    public const string Expression = "17-3-a";
    public const string LegalObligation = "17-3-b";
    public const string PublicTask = "17-3-b-public-task";
    public const string PublicHealthWeigh = "17-3-c-weigh";
    public const string PublicHealth = "17-3-c";
    public const string ResearchWeigh = "17-3-d-weigh";
    public const string Research = "17-3-d";
    public const string LegalClaims = "17-3-e";
    public const string LegalClaimsWeigh = "17-3-e-weigh";
    public const string StillNecessary = "still-necessary";
    public const string AccuracyContested = "18-1-a";
    public const string RestrictInsteadOfErase = "18-1-b";
    public const string NeededForClaims = "18-1-c";
    public const string ObjectionPending = "18-1-d";
    public const string NoRestrictionCase = "no-18-case";
    public const string RestrictionCaseUnclear = "18-1-unclear";
    public const string RestrictionFound = "18-1";
    public const string Portable = "20-1";
    public const string PortableRedacted = "20-4-redacted";
    public const string PortableWeigh = "20-4-weigh";
    public const string NotPortableBasis = "20-basis";
    public const string NotPortableManual = "20-manual";
    public const string NotPortableDerived = "20-derived";
    public const string MarketingStopped = "21-3";
    public const string ObjectionStopped = "21-1";
    public const string ObjectionBalance = "21-1-weigh";
    public const string CompellingGrounds = "21-1-compelling";
    public const string WithdrawalOfConsent = "7-3";
    public const string NoObjectionBasis = "21-basis";
    public const string AnotherController = "another-controller";
    public const string NoIdentifier = "no-identifier";
    public const string NotSupported = "not-supported";
}
