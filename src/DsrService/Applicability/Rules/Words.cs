using DsrService.DataMap;

namespace DsrService.Applicability.Rules;

/// <summary>The Regulation's words in a sentence.</summary>
internal static class Words
{
    public static string Of(LegalBasis basis) => basis switch
    {
        LegalBasis.Consent => "consent",
        LegalBasis.Contract => "the performance of a contract",
        LegalBasis.LegalObligation => "a legal obligation",
        LegalBasis.VitalInterests => "vital interests",
        LegalBasis.PublicTask => "a task in the public interest",
        _ => "legitimate interests",
    };
}
