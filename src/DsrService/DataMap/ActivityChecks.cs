namespace DsrService.DataMap;

/// <summary>What can be wrong with one activity taken alone.</summary>
internal static class ActivityChecks
{
    public static void Check(ProcessingActivity activity, YamlFields fields)
    {
        if (activity.Categories.Count == 0)
            fields.Error("categories", "'categories' must name at least one data category.");
        if (fields.Has("legalBasis") && activity.LegalBasis == LegalBasis.LegalObligation != activity.Obligation is not null)
            fields.Error("obligation", "'obligation' names the law, and goes with 'legalBasis: legal-obligation' only.");
        if (activity.LegalBasis == LegalBasis.LegalObligation && activity.EndsOnErasure)
            fields.Error("endsOnErasure", "a request for erasure does not end a legal obligation (Art. 17(3)(b)).");
        if (fields.Has("endsOnErasure") && activity.EndsOnErasure == activity.NecessaryReason is not null)
            fields.Error("endsOnErasure", "'necessaryReason' goes with 'endsOnErasure: false', and says why the data stays.");
        if (activity.Source == DataSource.ThirdParty && activity.SourceName is null)
            fields.Error("source", "'sourceName' is missing: the person must be told where the data came from (Art. 15(1)(g)).");
        if (activity.FromChildren && activity.LegalBasis != LegalBasis.Consent)
            fields.Error("fromChildren", "'fromChildren' goes with 'legalBasis: consent' only (Art. 8(1)).");
        if (activity.Reading == Reading.Ours && activity.ReadingNote is null)
            fields.Error("reading", "'readingNote' is missing: say why we read it so.");
    }
}
