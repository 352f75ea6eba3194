using DsrService.Applicability.Rules;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Sdk.Contracts;

namespace DsrService.Restrictions;

/// <summary>Where what a person is known by was itself rectified (Art. 16), the new value is known from the proof on: what
/// is in force holds for it as well, and a restriction of the same request can be lifted where the records now bear it.</summary>
internal sealed class RectifiedIdentifiers(DsrDbContext db, IdentifierHashes hashes)
{
    /// <param name="Now">What the person is known by from now on.</param>
    /// <param name="Former">Hashes of what it took the place of.</param>
    public sealed record Change(RequestIdentifier Now, byte[][] Former);

    /// <summary>The changes that these tasks have proved, those known before among them.</summary>
    public async Task<IReadOnlyList<Change>> AfterProofAsync(OpenRequest open, IReadOnlyCollection<RequestTask> proved, CancellationToken cancel)
    {
        var changes = new List<Change>();
        foreach (var task in proved.Where(task => task.Action == TaskAction.Rectify))
        {
            var kinds = KindsAt(task.System, open.Request, proved).ToList();
            foreach (var correction in OpenTasks.Corrections(task, open.Request, open.Key).Where(correction => kinds.Contains(correction.Field)))
                if (open.Map.FindIdentifierKind(correction.Field) is { } kind && correction.Requested.Reveal() is { } value && kind.Accepts(value))
                {
                    var controller = await hashes.ForAsync(db, open.Request.Controller, cancel);
                    byte[] Hash(string text) => controller.Identifier(kind.Key, kind.Normalise(text));
                    var now = open.Identifiers.Find(row => Is(row, Hash(value))) ?? Add(open, kind.Key, value, Hash(value));
                    var former = open.Identifiers.FindAll(row => row.Kind == kind.Key && row != now && row.Source != RequestIdentifier.Rectification && row.LeadsToData(open.Request));
                    // Somebody may write from the new address already, and say what it took the place of: what holds for that only protects.
                    byte[][] said = correction.Current.Reveal() is { } current && kind.Accepts(current) ? [Hash(current)] : [];
                    changes.Add(new(now, former.Exists(row => said.Any(hash => Is(row, hash))) ? said : [.. former.Select(row => row.Hash), .. said]));

                    bool Is(RequestIdentifier row, byte[] hash) => row.Kind == kind.Key && row.Hash.AsSpan().SequenceEqual(hash);
                }
        }
        return changes;
    }

    /// <summary>The kinds of identifiers of which a system has put the value asked for in the place of the former.</summary>
    /// <param name="system">The system.</param>
    /// <param name="request">The request.</param>
    /// <param name="tasks">Tasks of that request.</param>
    public static IEnumerable<string> KindsAt(string system, DataSubjectRequest request, IEnumerable<RequestTask> tasks)
    {
        var rectified = tasks.Where(task => task is { Action: TaskAction.Rectify, Preview: false, ReplacedBy: null } && task.System == system).ToList();
        return rectified.Count == 0 ? [] : PlanRequest.Read(request).Fields
            .Where(field => field.System == system && field.Decision == Decision.Grant && rectified.Exists(task =>
                task.IsUncounted || task.ReceiptItems.Exists(item => item.Category == field.Category && item.Rectified > 0)))
            .Select(field => field.Field).OfType<string>();
    }

    private RequestIdentifier Add(OpenRequest open, string kind, string value, byte[] hash)
    {
        var id = Guid.CreateVersion7();
        var row = new RequestIdentifier
        {
            Id = id,
            RequestId = open.Request.Id,
            Controller = open.Request.Controller,
            Kind = kind,
            Value = open.Key.SealText(RequestIdentifier.ValueField(id), value.Trim()),
            Hash = hash,
            // Whoever approved the rectification has decided that it is the person's.
            Verified = true,
            Source = RequestIdentifier.Rectification,
        };
        db.Add(row);
        open.Identifiers.Add(row);
        return row;
    }
}
