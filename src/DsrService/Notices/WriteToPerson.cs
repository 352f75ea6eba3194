using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Notices.Letters;
using DsrService.Requests;

namespace DsrService.Notices;

/// <summary>Queues a letter about a request to the one who made it, within the caller's transaction.</summary>
internal sealed class WriteToPerson(DsrDbContext db, RequestKeys keys, DataMaps maps, NoticeQueue notices, LettersInForce letters)
{
    public async Task<Notice> AddAsync(DataSubjectRequest request, NoticeKind kind, Func<LetterContext, Letter> write, CancellationToken cancel)
    {
        var key = keys.Open(request);
        var intake = key.OpenJson<IntakeContent>(RequestFields.Intake(request.Id), request.Intake);
        var map = await maps.ForAsync(request.DataMapVersion, cancel);
        var letter = write(letters.ContextFor(request, intake, map.Controller));
        return notices.Add(db, request, key, kind, letter.To(intake.Requester.Email));
    }
}
