using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace DsrService.Data.Migrations;

[DbContext(typeof(DsrDbContext))]
[Migration("0011_opendsr_inbound")]
internal sealed class OpenDsrInbound : SqlMigration
{
    protected override string File => "0011_opendsr_inbound.sql";
}
