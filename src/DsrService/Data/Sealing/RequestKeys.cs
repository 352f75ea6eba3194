using DsrService.Requests;

namespace DsrService.Data.Sealing;

/// <summary>Makes and opens the data keys of requests.</summary>
internal sealed class RequestKeys(KeyRing ring)
{
    public (DataKey Key, byte[] Wrapped, string KeyId) Create(Guid request)
    {
        var key = DataKey.NewBytes();
        var (wrapped, id) = ring.Wrap(Name(request), key);
        return (new DataKey(key), wrapped, id);
    }

    public DataKey Open(DataSubjectRequest request) => Open(request.Id, request.DataKey, request.DataKeyId);

    public DataKey Open(Guid request, byte[] wrapped, string keyId) => new(ring.Unwrap(Name(request), wrapped, keyId));

    /// <summary>Wraps the key of a living request under the month's key; what it seals stays as it is.</summary>
    public void Rewrap(DataSubjectRequest request) =>
        (request.DataKey, request.DataKeyId) = ring.Wrap(Name(request.Id), ring.Unwrap(Name(request.Id), request.DataKey, request.DataKeyId));

    private static string Name(Guid request) => $"request:{request:N}";
}
