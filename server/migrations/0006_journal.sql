-- By which the journal of an option's stock finds what refunds put back on sale. Staff alone write refunds, so no order pays for it.
CREATE INDEX refund_restocked ON refund (id) WHERE restocked;
