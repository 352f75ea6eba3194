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

    /// <summary>The name under which a request's key is wrapped.</summary>
    public static string Name(Guid request) => $"request:{request:N}";
}
