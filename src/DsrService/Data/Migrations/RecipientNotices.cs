using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace DsrService.Data.Migrations;

[DbContext(typeof(DsrDbContext))]
[Migration("0006_recipient_notices")]
internal sealed class RecipientNotices : SqlMigration
{
    protected override string File => "0006_recipient_notices.sql";
}
