using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Sdk.Contracts;

namespace DsrService.Restrictions;

/// <summary>Where what a person is known by was itself rectified (Art. 16), the new value is known from the proof on: what
/// is in force follows it, and a restriction of the same request can be lifted where the records now bear it.</summary>
internal sealed class RectifiedIdentifiers(DsrDbContext db, IdentifierHashes hashes)
{
    /// <param name="Now">What the person is known by from now on.</param>
    /// <param name="Former">Hashes of what it took the place of.</param>
    public sealed record Change(RequestIdentifier Now, IReadOnlyList<byte[]> Former);

    /// <summary>The changes that these tasks have proved and that were not known before.</summary>
    public async Task<IReadOnlyList<Change>> AfterProofAsync(OpenRequest open, IEnumerable<RequestTask> proved, CancellationToken cancel)
    {
        var changes = new List<Change>();
        foreach (var task in proved.Where(Rectified))
            foreach (var correction in OpenTasks.Corrections(task, open.Request, open.Key))
                if (open.Map.FindIdentifierKind(correction.Field) is { } kind && correction.Requested.Reveal() is { } value && kind.Accepts(value))
                {
                    var controller = await hashes.ForAsync(db, open.Request.Controller, cancel);
                    byte[] Hash(string text) => controller.Identifier(kind.Key, kind.Normalise(text));
                    if (open.Identifiers.Exists(row => row.Kind == kind.Key && row.Hash.AsSpan().SequenceEqual(Hash(value))))
                        continue;
                    var former = open.Identifiers.FindAll(row => row.Kind == kind.Key && row.Source != RequestIdentifier.Rectification && row.LeadsToData(open.Request)).ConvertAll(row => row.Hash);
                    if (correction.Current.Reveal() is { Length: > 0 } current && former.Find(hash => hash.AsSpan().SequenceEqual(Hash(current))) is { } said)
                        former = [said];
                    changes.Add(new(Add(open, kind.Key, value, Hash(value)), former));
                }
        return changes;
    }

    /// <summary>Whether a task has put a new value in the place of a former one.</summary>
    public static bool Rectified(RequestTask task) => task is { Action: TaskAction.Rectify, Preview: false, ReplacedBy: null }
        && (task.IsUncounted || task.ReceiptItems.Exists(item => item.Rectified > 0));

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
