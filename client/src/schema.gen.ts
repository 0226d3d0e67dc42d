/** Generated from `docs/openapi.json` by `npm run api-types`. */
export interface paths {
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process answers */
        get: operations["getHealthz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process can serve */
        get: operations["getReadyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Metrics in the Prometheus text format */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/products": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List products */
        get: operations["getProducts"];
        put?: never;
        /**
         * Create a product with its options
         * @description Staff only.
         */
        post: operations["postProducts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/products/{productId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a product */
        get: operations["getProductsProductId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a product
         * @description Staff only.
         */
        patch: operations["patchProductsProductId"];
        trace?: never;
    };
    "/products/{productId}/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add an option to a product
         * @description Staff only.
         */
        post: operations["postProductsProductIdOptions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/options/{optionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change an option
         * @description Staff only.
         */
        patch: operations["patchOptionsOptionId"];
        trace?: never;
    };
    "/options/{optionId}/stock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Adjust the stock of an option, with a reason for the journal
         * @description Staff only.
         */
        post: operations["postOptionsOptionIdStock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/balance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get your balance; 0 without a record */
        get: operations["getBalance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/balance/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what changed your balance, newest first */
        get: operations["getBalanceHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/balance/charge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Charge a balance */
        post: operations["postBalanceCharge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/coupons": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the coupons that have not expired, newest first */
        get: operations["getCoupons"];
        put?: never;
        /**
         * Create a coupon
         * @description Staff only.
         */
        post: operations["postCoupons"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/coupons/{couponId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a coupon, expired or not */
        get: operations["getCouponsCouponId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a coupon; an earlier expiresAt ends issuing
         * @description Staff only.
         */
        patch: operations["patchCouponsCouponId"];
        trace?: never;
    };
    "/me/coupons": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the coupons that were issued to you, newest first */
        get: operations["getMeCoupons"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/exports/coupons.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export the coupons issued within a time as CSV, by user
         * @description Staff only.
         */
        get: operations["getExportsCouponscsv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/coupons/{couponId}/issue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Claim a coupon, first come first served */
        post: operations["postCouponsCouponIdIssue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List your orders, newest first; for staff everyone’s */
        get: operations["getOrders"];
        put?: never;
        /** Place an order, which holds its stock and coupon until expiresAt */
        post: operations["postOrders"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orders/{orderId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get an order */
        get: operations["getOrdersOrderId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/exports/orders.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export the orders placed within a time as CSV, the oldest first
         * @description Staff only.
         */
        get: operations["getExportsOrderscsv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orders/{orderId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel an unpaid order; staff may cancel any */
        post: operations["postOrdersOrderIdCancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List your payments, newest first; for staff everyone’s */
        get: operations["getPayments"];
        put?: never;
        /** Pay an order from your balance */
        post: operations["postPayments"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/{paymentId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a payment */
        get: operations["getPaymentsPaymentId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/{paymentId}/refunds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the refunds of a payment, newest first */
        get: operations["getPaymentsPaymentIdRefunds"];
        put?: never;
        /**
         * Refund a payment, in full or by line
         * @description Staff only.
         */
        post: operations["postPaymentsPaymentIdRefunds"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/exports/payments.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export the payments within a time as CSV, the oldest first
         * @description Staff only.
         */
        get: operations["getExportsPaymentscsv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/products/rank": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the five best sellers of the last three days */
        get: operations["getProductsRank"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rankings/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Compute the ranking now
         * @description Staff only.
         */
        post: operations["postRankingsRefresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List deliveries, newest first
         * @description Staff only.
         */
        get: operations["getDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/deliveries/{deliveryId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a delivery with its attempts
         * @description Staff only.
         */
        get: operations["getDeliveriesDeliveryId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/deliveries/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Deliver again what matches, the oldest first, at most 5,000 a call
         * @description Staff only.
         */
        post: operations["postDeliveriesReplay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/deliveries/{deliveryId}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Deliver again, under the same event id
         * @description Staff only.
         */
        post: operations["postDeliveriesDeliveryIdReplay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/destinations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the destinations of events by name
         * @description Staff only.
         */
        get: operations["getDestinations"];
        put?: never;
        /**
         * Add a destination of events; the answer has its secret
         * @description Staff only.
         */
        post: operations["postDestinations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/destinations/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a destination
         * @description Staff only.
         */
        get: operations["getDestinationsName"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change the URL or the types of a destination, or turn it off or on
         * @description Staff only.
         */
        patch: operations["patchDestinationsName"];
        trace?: never;
    };
    "/destinations/{name}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a webhook a new secret; the one before stays valid for a while
         * @description Staff only.
         */
        post: operations["postDestinationsNameSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/staff-actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what staff have done, newest first
         * @description Staff only.
         */
        get: operations["getStaffActions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orders/{orderId}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Everything that happened to an order, in the order of time
         * @description Staff only.
         */
        get: operations["getOrdersOrderIdTimeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/options/{optionId}/stock-journal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Everything that moved the stock of an option, newest first
         * @description Staff only.
         */
        get: operations["getOptionsOptionIdStockJournal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List users who have an account, money, coupons or orders
         * @description Staff only.
         */
        get: operations["getCustomers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customers/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a user at a glance; everything else of a user is read by `?userId=`
         * @description Staff only.
         */
        get: operations["getCustomersUserId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dashboard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a snapshot of how the sale goes
         * @description Staff only.
         */
        get: operations["getDashboard"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dashboard/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow how the sale goes, as server-sent events
         * @description Staff only.
         */
        get: operations["getDashboardStream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Recompute every invariant of the books, which changes nothing
         * @description Staff only.
         */
        post: operations["postAudit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/sign-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create an account and sign in
         * @description Refusals: 409 `EMAIL_TAKEN`, 429 `RATE_LIMITED` after a hundred failures and new accounts of one network, 503 `OVERLOADED`.
         */
        post: operations["postAuthSignUp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in with email address and password
         * @description Refusals: 401 `INVALID_CREDENTIALS`, 429 `RATE_LIMITED` after ten failures in a minute or after a hundred failures and new accounts of one network, 503 `OVERLOADED`.
         */
        post: operations["postAuthSignIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign out
         * @description Ends the session of the cookie; without one there is nothing to end. Refusal: 403 `CSRF_REJECTED`.
         */
        post: operations["postAuthSignOut"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in by the session cookie */
        get: operations["getAuthSession"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get a bearer token for the signed-in user
         * @description The token lives for 15 minutes. Refusals: 401 `UNAUTHENTICATED` without a session, 403 `CSRF_REJECTED`.
         */
        post: operations["postAuthToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/products/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import products with their options from CSV, all of them or none
         * @description Staff only.
         */
        post: operations["postProductsImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface webhooks {
    "order.placed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * An order was placed; it holds its stock until it is paid or ends
         * @description At least once, signed after Standard Webhooks 1.0. Any 2xx is a success; 410 turns the destination off.
         */
        post: operations["onOrderPlaced"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.paid": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * An order was paid
         * @description At least once, signed after Standard Webhooks 1.0. Any 2xx is a success; 410 turns the destination off.
         */
        post: operations["onOrderPaid"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.cancelled": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * An unpaid order was cancelled
         * @description At least once, signed after Standard Webhooks 1.0. Any 2xx is a success; 410 turns the destination off.
         */
        post: operations["onOrderCancelled"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "order.expired": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * An unpaid order has expired
         * @description At least once, signed after Standard Webhooks 1.0. Any 2xx is a success; 410 turns the destination off.
         */
        post: operations["onOrderExpired"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "payment.refunded": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A payment was refunded, in full or in part
         * @description At least once, signed after Standard Webhooks 1.0. Any 2xx is a success; 410 turns the destination off.
         */
        post: operations["onPaymentRefunded"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "coupon.issued": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A user got a coupon
         * @description At least once, signed after Standard Webhooks 1.0. Any 2xx is a success; 410 turns the destination off.
         */
        post: operations["onCouponIssued"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "ranking.updated": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * There is a new ranking
         * @description At least once, signed after Standard Webhooks 1.0. Any 2xx is a success; 410 turns the destination off.
         */
        post: operations["onRankingUpdated"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface components {
    schemas: {
        /** @description Every refusal that there is, by its code */
        Problem: {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 400;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "VALIDATION_FAILED";
            errors: {
                path: string;
                message: string;
            }[];
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 400;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "MALFORMED_JSON";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 400;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "BAD_REQUEST";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 404;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "ROUTE_NOT_FOUND";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 405;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "METHOD_NOT_ALLOWED";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 408;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "REQUEST_TIMEOUT";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 413;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "PAYLOAD_TOO_LARGE";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 415;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "UNSUPPORTED_MEDIA_TYPE";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 431;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "HEADERS_TOO_LARGE";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 429;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "RATE_LIMITED";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 503;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "NOT_READY";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 500;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "INTERNAL_ERROR";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 401;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "UNAUTHENTICATED";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 403;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "FORBIDDEN";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 403;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "CSRF_REJECTED";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 503;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "IDENTITY_PROVIDER_UNAVAILABLE";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 503;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "OVERLOADED";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 503;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "OUTCOME_UNKNOWN";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 422;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "IDEMPOTENCY_KEY_REUSED";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 409;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "EMAIL_TAKEN";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 401;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "INVALID_CREDENTIALS";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 404;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "PRODUCT_NOT_FOUND";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 404;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "OPTION_NOT_FOUND";
            /** @description Of the line of an order */
            optionId?: string;
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 409;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "SKU_TAKEN";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 409;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "STOCK_BELOW_RESERVED";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 400;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "IMPORT_INVALID";
            errorCount: number;
            rowErrors: {
                row: number;
                column: string | null;
                message: string;
            }[];
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 400;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "INVALID_CHARGE_AMOUNT";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 409;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "REFERENCE_REUSED";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 409;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "CHARGE_LIMIT_EXCEEDED";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 409;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "BALANCE_LIMIT_EXCEEDED";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 404;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "COUPON_NOT_FOUND";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 409;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "COUPON_NOT_STARTED";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 409;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "COUPON_EXPIRED";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 409;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "COUPON_SOLD_OUT";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 409;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "COUPON_ALREADY_ISSUED";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 409;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "COUPON_BELOW_ISSUED";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 404;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "ORDER_NOT_FOUND";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 409;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "OPTION_NOT_FOR_SALE";
            optionId: string;
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 409;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "OUT_OF_STOCK";
            optionId: string;
            available: number;
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 409;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "PURCHASE_LIMIT_EXCEEDED";
            optionId: string;
            remaining: number;
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 409;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "TOO_MANY_PENDING_ORDERS";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 409;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "ORDER_TOTAL_TOO_LARGE";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 409;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "COUPON_INVALID";
            /** @enum {unknown} */
            reason: "notFound" | "held" | "used" | "expired" | "belowMinimum";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 409;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "ORDER_NOT_CANCELLABLE";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 404;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "PAYMENT_NOT_FOUND";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 409;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "ORDER_ALREADY_PAID";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 409;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "ORDER_CANCELLED";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 409;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "ORDER_EXPIRED";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 409;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "INSUFFICIENT_BALANCE";
            required: number;
            balance: number;
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 409;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "REFUND_EXCEEDS_PAYMENT";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 404;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "DELIVERY_NOT_FOUND";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 404;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "DESTINATION_NOT_FOUND";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 409;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "DESTINATION_EXISTS";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 409;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "DESTINATION_FROM_SETTINGS";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 409;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "DESTINATION_WITHOUT_SECRET";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 409;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "TOO_MANY_DESTINATIONS";
            limit: number;
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 404;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "CUSTOMER_NOT_FOUND";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 429;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "TOO_MANY_LISTENERS";
        } | {
            /** @description A path on this server that documents the code */
            type: string;
            title: string;
            /** @enum {number} */
            status: 409;
            detail: string;
            instance: string;
            /** @enum {string} */
            code: "AUDIT_RUNNING";
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getHealthz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ok";
                    };
                };
            };
            /** @description Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    getReadyz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ok";
                    };
                };
            };
            /** @description `NOT_READY` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The metrics */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description `OVERLOADED` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    getProducts: {
        parameters: {
            query?: {
                /** @description Items on a page */
                limit?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description A part of a name or SKU, taken literally, in any case */
                search?: string;
                sort?: "newest" | "priceAsc" | "priceDesc" | "name";
                /** @description true: only products with an option to sell */
                inStock?: boolean;
            };
            header?: {
                /** @description ETags of bodies that the client has, or `*` */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    /** @description Strong; of what everyone sees. Staff get none */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            id: string;
                            name: string;
                            description: string;
                            status: "active" | "hidden";
                            options: {
                                /** @example 01900000-0000-7000-8000-000000000000 */
                                id: string;
                                /** @example 01900000-0000-7000-8000-000000000000 */
                                productId: string;
                                sku: string;
                                name: string;
                                price: number;
                                status: "active" | "hidden";
                                maxPerUser: number | null;
                                available: number;
                                soldOut: boolean;
                                /** @description Staff only */
                                onHand?: number;
                                /** @description Staff only: units that open orders hold */
                                reserved?: number;
                            }[];
                            /**
                             * Format: date-time
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            createdAt: string;
                            /**
                             * Format: date-time
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            updatedAt: string;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description The body is the one that `If-None-Match` names */
            304: {
                headers: {
                    /** @description Strong; of what everyone sees. Staff get none */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    postProducts: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key has no second effect */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    description?: string;
                    status?: "active" | "hidden";
                    options: {
                        sku: string;
                        name: string;
                        price: number;
                        status?: "active" | "hidden";
                        maxPerUser?: number | null;
                        /** @description The first stock, journalled */
                        stock?: number;
                    }[];
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        id: string;
                        name: string;
                        description: string;
                        status: "active" | "hidden";
                        options: {
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            id: string;
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            productId: string;
                            sku: string;
                            name: string;
                            price: number;
                            status: "active" | "hidden";
                            maxPerUser: number | null;
                            available: number;
                            soldOut: boolean;
                            /** @description Staff only */
                            onHand?: number;
                            /** @description Staff only: units that open orders hold */
                            reserved?: number;
                        }[];
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        createdAt: string;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        updatedAt: string;
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description In this order: `SKU_TAKEN`. Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    getProductsProductId: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETags of bodies that the client has, or `*` */
                "If-None-Match"?: string;
            };
            path: {
                /** @example 01900000-0000-7000-8000-000000000000 */
                productId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    /** @description Strong; of what everyone sees. Staff get none */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        id: string;
                        name: string;
                        description: string;
                        status: "active" | "hidden";
                        options: {
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            id: string;
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            productId: string;
                            sku: string;
                            name: string;
                            price: number;
                            status: "active" | "hidden";
                            maxPerUser: number | null;
                            available: number;
                            soldOut: boolean;
                            /** @description Staff only */
                            onHand?: number;
                            /** @description Staff only: units that open orders hold */
                            reserved?: number;
                        }[];
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        createdAt: string;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        updatedAt: string;
                    };
                };
            };
            /** @description The body is the one that `If-None-Match` names */
            304: {
                headers: {
                    /** @description Strong; of what everyone sees. Staff get none */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description In this order: `PRODUCT_NOT_FOUND`. Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    patchProductsProductId: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key has no second effect */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @example 01900000-0000-7000-8000-000000000000 */
                productId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name?: string;
                    description?: string;
                    status?: "active" | "hidden";
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        id: string;
                        name: string;
                        description: string;
                        status: "active" | "hidden";
                        options: {
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            id: string;
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            productId: string;
                            sku: string;
                            name: string;
                            price: number;
                            status: "active" | "hidden";
                            maxPerUser: number | null;
                            available: number;
                            soldOut: boolean;
                            /** @description Staff only */
                            onHand?: number;
                            /** @description Staff only: units that open orders hold */
                            reserved?: number;
                        }[];
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        createdAt: string;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        updatedAt: string;
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description In this order: `PRODUCT_NOT_FOUND`. Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    postProductsProductIdOptions: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key has no second effect */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @example 01900000-0000-7000-8000-000000000000 */
                productId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    sku: string;
                    name: string;
                    price: number;
                    status?: "active" | "hidden";
                    maxPerUser?: number | null;
                    /** @description The first stock, journalled */
                    stock?: number;
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        id: string;
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        productId: string;
                        sku: string;
                        name: string;
                        price: number;
                        status: "active" | "hidden";
                        maxPerUser: number | null;
                        available: number;
                        soldOut: boolean;
                        /** @description Staff only */
                        onHand?: number;
                        /** @description Staff only: units that open orders hold */
                        reserved?: number;
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description In this order: `PRODUCT_NOT_FOUND`, `SKU_TAKEN`. Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    patchOptionsOptionId: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key has no second effect */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @example 01900000-0000-7000-8000-000000000000 */
                optionId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    sku?: string;
                    name?: string;
                    price?: number;
                    status?: "active" | "hidden";
                    maxPerUser?: number | null;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        id: string;
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        productId: string;
                        sku: string;
                        name: string;
                        price: number;
                        status: "active" | "hidden";
                        maxPerUser: number | null;
                        available: number;
                        soldOut: boolean;
                        /** @description Staff only */
                        onHand?: number;
                        /** @description Staff only: units that open orders hold */
                        reserved?: number;
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description In this order: `OPTION_NOT_FOUND`, `SKU_TAKEN`. Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    postOptionsOptionIdStock: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key has no second effect */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @example 01900000-0000-7000-8000-000000000000 */
                optionId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Units added, or taken away where negative */
                    delta: number;
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        optionId: string;
                        onHand: number;
                        reserved: number;
                        available: number;
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description In this order: `OPTION_NOT_FOUND`, `STOCK_BELOW_RESERVED`. Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    getBalance: {
        parameters: {
            query?: {
                /** @description Staff only: the user whose objects are meant */
                userId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        userId: string;
                        amount: number;
                        /** @description ISO 4217 */
                        currency: string;
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    getBalanceHistory: {
        parameters: {
            query?: {
                /** @description Items on a page */
                limit?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Staff only: the user whose objects are meant */
                userId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            id: string;
                            kind: "charge" | "payment" | "refund";
                            delta: number;
                            balanceAfter: number;
                            reference: string | null;
                            /**
                             * Format: date-time
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            createdAt: string;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    postBalanceCharge: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key has no second effect */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    amount: number;
                    /** @description Unique per user for ever, such as the id of a payment gateway */
                    reference?: string;
                    /** @description Staff only: the user to charge */
                    userId?: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        userId: string;
                        /** @description The new balance */
                        amount: number;
                        charged: number;
                        /** @description ISO 4217 */
                        currency: string;
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        entryId: string;
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description In this order: `INVALID_CHARGE_AMOUNT`, `REFERENCE_REUSED`, `CHARGE_LIMIT_EXCEEDED`, `BALANCE_LIMIT_EXCEEDED`. Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    getCoupons: {
        parameters: {
            query?: {
                /** @description Items on a page */
                limit?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Staff only: coupons of one status, or all of them. Absent: those that have not expired */
                status?: "all" | "expired" | "scheduled" | "soldOut" | "open";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            id: string;
                            name: string;
                            discount: {
                                /** @enum {string} */
                                type: "fixed";
                                amount: number;
                            } | {
                                /** @enum {string} */
                                type: "percent";
                                percent: number;
                                maxAmount?: number;
                            };
                            minOrderAmount: number;
                            quantity: number;
                            issued: number;
                            remaining: number;
                            /**
                             * Format: date-time
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            startsAt: string;
                            /**
                             * Format: date-time
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            expiresAt: string;
                            /** @description The first of these that holds */
                            status: "expired" | "scheduled" | "soldOut" | "open";
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    postCoupons: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key has no second effect */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    discount: {
                        /** @enum {string} */
                        type: "fixed";
                        amount: number;
                    } | {
                        /** @enum {string} */
                        type: "percent";
                        percent: number;
                        maxAmount?: number;
                    };
                    minOrderAmount?: number;
                    quantity: number;
                    /**
                     * Format: date-time
                     * @description Now where absent
                     * @example 2026-11-22T09:00:00.000Z
                     */
                    startsAt?: string;
                    /**
                     * Format: date-time
                     * @example 2026-11-22T09:00:00.000Z
                     */
                    expiresAt: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        id: string;
                        name: string;
                        discount: {
                            /** @enum {string} */
                            type: "fixed";
                            amount: number;
                        } | {
                            /** @enum {string} */
                            type: "percent";
                            percent: number;
                            maxAmount?: number;
                        };
                        minOrderAmount: number;
                        quantity: number;
                        issued: number;
                        remaining: number;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        startsAt: string;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        expiresAt: string;
                        /** @description The first of these that holds */
                        status: "expired" | "scheduled" | "soldOut" | "open";
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    getCouponsCouponId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 01900000-0000-7000-8000-000000000000 */
                couponId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        id: string;
                        name: string;
                        discount: {
                            /** @enum {string} */
                            type: "fixed";
                            amount: number;
                        } | {
                            /** @enum {string} */
                            type: "percent";
                            percent: number;
                            maxAmount?: number;
                        };
                        minOrderAmount: number;
                        quantity: number;
                        issued: number;
                        remaining: number;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        startsAt: string;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        expiresAt: string;
                        /** @description The first of these that holds */
                        status: "expired" | "scheduled" | "soldOut" | "open";
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description In this order: `COUPON_NOT_FOUND`. Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    patchCouponsCouponId: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key has no second effect */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @example 01900000-0000-7000-8000-000000000000 */
                couponId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name?: string;
                    discount?: {
                        /** @enum {string} */
                        type: "fixed";
                        amount: number;
                    } | {
                        /** @enum {string} */
                        type: "percent";
                        percent: number;
                        maxAmount?: number;
                    };
                    minOrderAmount?: number;
                    quantity?: number;
                    /**
                     * Format: date-time
                     * @example 2026-11-22T09:00:00.000Z
                     */
                    startsAt?: string;
                    /**
                     * Format: date-time
                     * @description Ends issuing, not what was issued
                     * @example 2026-11-22T09:00:00.000Z
                     */
                    expiresAt?: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        id: string;
                        name: string;
                        discount: {
                            /** @enum {string} */
                            type: "fixed";
                            amount: number;
                        } | {
                            /** @enum {string} */
                            type: "percent";
                            percent: number;
                            maxAmount?: number;
                        };
                        minOrderAmount: number;
                        quantity: number;
                        issued: number;
                        remaining: number;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        startsAt: string;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        expiresAt: string;
                        /** @description The first of these that holds */
                        status: "expired" | "scheduled" | "soldOut" | "open";
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description In this order: `COUPON_NOT_FOUND`, `COUPON_BELOW_ISSUED`. Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    getMeCoupons: {
        parameters: {
            query?: {
                /** @description Items on a page */
                limit?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Staff only: the user whose objects are meant */
                userId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            id: string;
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            couponId: string;
                            userId: string;
                            name: string;
                            discount: {
                                /** @enum {string} */
                                type: "fixed";
                                amount: number;
                            } | {
                                /** @enum {string} */
                                type: "percent";
                                percent: number;
                                maxAmount?: number;
                            };
                            minOrderAmount: number;
                            status: "issued" | "held" | "used" | "expired";
                            /** @description Counts the grants of the coupon, without gaps */
                            sequence: number;
                            orderId: string | null;
                            /**
                             * Format: date-time
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            issuedAt: string;
                            /**
                             * Format: date-time
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            expiresAt: string;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    getExportsCouponscsv: {
        parameters: {
            query?: {
                /**
                 * @description At or after this time
                 * @example 2026-11-22T09:00:00.000Z
                 */
                from?: string;
                /**
                 * @description Before this time
                 * @example 2026-11-22T09:00:00.000Z
                 */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Columns: `id`, `couponId`, `userId`, `name`, `sequence`, `status`, `orderId`, `discountAmount`, `discountPercent`, `discountMaxAmount`, `minOrderAmount`, `issuedAt`, `expiresAt`. UTF-8 with a byte order mark, CRLF; times in UTC. A text that begins with `=`, `+`, `-` or `@` has an apostrophe in front, so that no spreadsheet runs it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    postCouponsCouponIdIssue: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key has no second effect */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @example 01900000-0000-7000-8000-000000000000 */
                couponId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        id: string;
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        couponId: string;
                        userId: string;
                        name: string;
                        discount: {
                            /** @enum {string} */
                            type: "fixed";
                            amount: number;
                        } | {
                            /** @enum {string} */
                            type: "percent";
                            percent: number;
                            maxAmount?: number;
                        };
                        minOrderAmount: number;
                        status: "issued" | "held" | "used" | "expired";
                        /** @description Counts the grants of the coupon, without gaps */
                        sequence: number;
                        orderId: string | null;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        issuedAt: string;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        expiresAt: string;
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description In this order: `COUPON_NOT_FOUND`, `COUPON_NOT_STARTED`, `COUPON_EXPIRED`, `COUPON_SOLD_OUT`, `COUPON_ALREADY_ISSUED`. Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    getOrders: {
        parameters: {
            query?: {
                /** @description Items on a page */
                limit?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Staff only: the user whose objects are meant */
                userId?: string;
                /** @description A page may then show fewer than `limit`, even none, and still have a `nextCursor` */
                status?: "pending" | "paid" | "cancelled" | "expired" | "refunded" | "partiallyRefunded";
                /**
                 * @description At or after this time
                 * @example 2026-11-22T09:00:00.000Z
                 */
                from?: string;
                /**
                 * @description Before this time
                 * @example 2026-11-22T09:00:00.000Z
                 */
                to?: string;
                /** @description An id, or how it begins */
                search?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            id: string;
                            userId: string;
                            status: "pending" | "paid" | "cancelled" | "expired" | "refunded" | "partiallyRefunded";
                            lines: {
                                /** @example 01900000-0000-7000-8000-000000000000 */
                                optionId: string;
                                /** @example 01900000-0000-7000-8000-000000000000 */
                                productId: string;
                                sku: string;
                                /** @description Product and option as they were called when the order was placed */
                                name: string;
                                unitPrice: number;
                                quantity: number;
                                amount: number;
                            }[];
                            subtotal: number;
                            discount: number;
                            total: number;
                            userCouponId: string | null;
                            paymentId: string | null;
                            /**
                             * Format: date-time
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            createdAt: string;
                            /**
                             * Format: date-time
                             * @description An order that is not paid by then is expired
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            expiresAt: string;
                            paidAt: string | null;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    postOrders: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key has no second effect */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Lines that name one option twice are added up */
                    lines: {
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        optionId: string;
                        quantity: number;
                    }[];
                    /**
                     * @description A coupon of yours to use
                     * @example 01900000-0000-7000-8000-000000000000
                     */
                    userCouponId?: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        id: string;
                        userId: string;
                        status: "pending" | "paid" | "cancelled" | "expired" | "refunded" | "partiallyRefunded";
                        lines: {
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            optionId: string;
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            productId: string;
                            sku: string;
                            /** @description Product and option as they were called when the order was placed */
                            name: string;
                            unitPrice: number;
                            quantity: number;
                            amount: number;
                        }[];
                        subtotal: number;
                        discount: number;
                        total: number;
                        userCouponId: string | null;
                        paymentId: string | null;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        createdAt: string;
                        /**
                         * Format: date-time
                         * @description An order that is not paid by then is expired
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        expiresAt: string;
                        paidAt: string | null;
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description In this order: `OPTION_NOT_FOUND`, `OPTION_NOT_FOR_SALE`, `OUT_OF_STOCK`, `PURCHASE_LIMIT_EXCEEDED`, `TOO_MANY_PENDING_ORDERS`, `ORDER_TOTAL_TOO_LARGE`, `COUPON_INVALID`. Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    getOrdersOrderId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 01900000-0000-7000-8000-000000000000 */
                orderId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        id: string;
                        userId: string;
                        status: "pending" | "paid" | "cancelled" | "expired" | "refunded" | "partiallyRefunded";
                        lines: {
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            optionId: string;
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            productId: string;
                            sku: string;
                            /** @description Product and option as they were called when the order was placed */
                            name: string;
                            unitPrice: number;
                            quantity: number;
                            amount: number;
                        }[];
                        subtotal: number;
                        discount: number;
                        total: number;
                        userCouponId: string | null;
                        paymentId: string | null;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        createdAt: string;
                        /**
                         * Format: date-time
                         * @description An order that is not paid by then is expired
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        expiresAt: string;
                        paidAt: string | null;
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description In this order: `ORDER_NOT_FOUND`. Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    getExportsOrderscsv: {
        parameters: {
            query?: {
                /**
                 * @description At or after this time
                 * @example 2026-11-22T09:00:00.000Z
                 */
                from?: string;
                /**
                 * @description Before this time
                 * @example 2026-11-22T09:00:00.000Z
                 */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Columns: `id`, `userId`, `status`, `lines`, `subtotal`, `discount`, `total`, `userCouponId`, `paymentId`, `createdAt`, `expiresAt`, `paidAt`. UTF-8 with a byte order mark, CRLF; times in UTC. A text that begins with `=`, `+`, `-` or `@` has an apostrophe in front, so that no spreadsheet runs it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    postOrdersOrderIdCancel: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key has no second effect */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @example 01900000-0000-7000-8000-000000000000 */
                orderId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        id: string;
                        userId: string;
                        status: "pending" | "paid" | "cancelled" | "expired" | "refunded" | "partiallyRefunded";
                        lines: {
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            optionId: string;
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            productId: string;
                            sku: string;
                            /** @description Product and option as they were called when the order was placed */
                            name: string;
                            unitPrice: number;
                            quantity: number;
                            amount: number;
                        }[];
                        subtotal: number;
                        discount: number;
                        total: number;
                        userCouponId: string | null;
                        paymentId: string | null;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        createdAt: string;
                        /**
                         * Format: date-time
                         * @description An order that is not paid by then is expired
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        expiresAt: string;
                        paidAt: string | null;
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description In this order: `ORDER_NOT_FOUND`, `ORDER_NOT_CANCELLABLE`. Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    getPayments: {
        parameters: {
            query?: {
                /** @description Items on a page */
                limit?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Staff only: the user whose objects are meant */
                userId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            id: string;
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            orderId: string;
                            userId: string;
                            subtotal: number;
                            discount: number;
                            amount: number;
                            refunded: number;
                            balanceAfter: number;
                            /**
                             * Format: date-time
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            paidAt: string;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    postPayments: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key has no second effect */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @example 01900000-0000-7000-8000-000000000000 */
                    orderId: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        id: string;
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        orderId: string;
                        userId: string;
                        subtotal: number;
                        discount: number;
                        amount: number;
                        refunded: number;
                        balanceAfter: number;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        paidAt: string;
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description In this order: `ORDER_NOT_FOUND`, `ORDER_ALREADY_PAID`, `ORDER_CANCELLED`, `ORDER_EXPIRED`, `INSUFFICIENT_BALANCE`. Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    getPaymentsPaymentId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 01900000-0000-7000-8000-000000000000 */
                paymentId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        id: string;
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        orderId: string;
                        userId: string;
                        subtotal: number;
                        discount: number;
                        amount: number;
                        refunded: number;
                        balanceAfter: number;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        paidAt: string;
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description In this order: `PAYMENT_NOT_FOUND`. Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    getPaymentsPaymentIdRefunds: {
        parameters: {
            query?: {
                /** @description Items on a page */
                limit?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @example 01900000-0000-7000-8000-000000000000 */
                paymentId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            id: string;
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            paymentId: string;
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            orderId: string;
                            amount: number;
                            lines: {
                                /** @example 01900000-0000-7000-8000-000000000000 */
                                optionId: string;
                                quantity: number;
                            }[];
                            restocked: boolean;
                            balanceAfter: number;
                            reason: string;
                            /**
                             * Format: date-time
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            createdAt: string;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description In this order: `PAYMENT_NOT_FOUND`. Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    postPaymentsPaymentIdRefunds: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key has no second effect */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @example 01900000-0000-7000-8000-000000000000 */
                paymentId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Absent: all that is left */
                    lines?: {
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        optionId: string;
                        quantity: number;
                    }[];
                    /** @description Whether the units go back on sale */
                    restock: boolean;
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        id: string;
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        paymentId: string;
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        orderId: string;
                        amount: number;
                        lines: {
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            optionId: string;
                            quantity: number;
                        }[];
                        restocked: boolean;
                        balanceAfter: number;
                        reason: string;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        createdAt: string;
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description In this order: `PAYMENT_NOT_FOUND`, `REFUND_EXCEEDS_PAYMENT`, `BALANCE_LIMIT_EXCEEDED`. Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    getExportsPaymentscsv: {
        parameters: {
            query?: {
                /**
                 * @description At or after this time
                 * @example 2026-11-22T09:00:00.000Z
                 */
                from?: string;
                /**
                 * @description Before this time
                 * @example 2026-11-22T09:00:00.000Z
                 */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Columns: `id`, `orderId`, `userId`, `subtotal`, `discount`, `amount`, `refunded`, `balanceAfter`, `paidAt`. UTF-8 with a byte order mark, CRLF; times in UTC. A text that begins with `=`, `+`, `-` or `@` has an apostrophe in front, so that no spreadsheet runs it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    getProductsRank: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETags of bodies that the client has, or `*` */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    /** @description Strong; of what everyone sees. Staff get none */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        asOf: string;
                        /**
                         * Format: date-time
                         * @description Included
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        from: string;
                        /**
                         * Format: date-time
                         * @description Excluded
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        to: string;
                        items: {
                            rank: number;
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            productId: string;
                            name: string;
                            /** @description Units paid, less refunds */
                            quantity: number;
                            /** @description What was paid for those units, net of discounts */
                            revenue: number;
                        }[];
                    };
                };
            };
            /** @description The body is the one that `If-None-Match` names */
            304: {
                headers: {
                    /** @description Strong; of what everyone sees. Staff get none */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    postRankingsRefresh: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key has no second effect */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        asOf: string;
                        /**
                         * Format: date-time
                         * @description Included
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        from: string;
                        /**
                         * Format: date-time
                         * @description Excluded
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        to: string;
                        items: {
                            rank: number;
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            productId: string;
                            name: string;
                            /** @description Units paid, less refunds */
                            quantity: number;
                            /** @description What was paid for those units, net of discounts */
                            revenue: number;
                        }[];
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    getDeliveries: {
        parameters: {
            query?: {
                /** @description Items on a page */
                limit?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
                status?: "pending" | "delivered" | "failed";
                destination?: string;
                type?: "order.placed" | "order.paid" | "order.cancelled" | "order.expired" | "payment.refunded" | "coupon.issued" | "ranking.updated";
                /**
                 * @description Made at or after this time
                 * @example 2026-11-22T09:00:00.000Z
                 */
                from?: string;
                /**
                 * @description Made before this time
                 * @example 2026-11-22T09:00:00.000Z
                 */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            id: string;
                            /**
                             * @description The same in every attempt and replay
                             * @example 01900000-0000-7000-8000-000000000000
                             */
                            eventId: string;
                            type: string;
                            /** @description The name of the destination */
                            destination: string;
                            status: "pending" | "delivered" | "failed";
                            /** @description Since it was made or replayed, one that is under way included */
                            attempts: number;
                            lastError: string | null;
                            /**
                             * Format: date-time
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            createdAt: string;
                            nextAttemptAt: string | null;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    getDeliveriesDeliveryId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 01900000-0000-7000-8000-000000000000 */
                deliveryId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        id: string;
                        /**
                         * @description The same in every attempt and replay
                         * @example 01900000-0000-7000-8000-000000000000
                         */
                        eventId: string;
                        type: string;
                        /** @description The name of the destination */
                        destination: string;
                        status: "pending" | "delivered" | "failed";
                        /** @description Since it was made or replayed, one that is under way included */
                        attempts: number;
                        lastError: string | null;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        createdAt: string;
                        nextAttemptAt: string | null;
                        /** @description The last 100 attempts that came to an end, the newest first */
                        log: {
                            /** @description Rises with every attempt, also over replays */
                            number: number;
                            /**
                             * Format: date-time
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            startedAt: string;
                            durationMs: number;
                            outcome: "delivered" | "failed";
                            statusCode: number | null;
                            answer: string | null;
                        }[];
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description In this order: `DELIVERY_NOT_FOUND`. Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    postDeliveriesReplay: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key has no second effect */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    status?: "delivered" | "failed";
                    destination: string;
                    type?: "order.placed" | "order.paid" | "order.cancelled" | "order.expired" | "payment.refunded" | "coupon.issued" | "ranking.updated";
                    /**
                     * Format: date-time
                     * @description Made at or after this time
                     * @example 2026-11-22T09:00:00.000Z
                     */
                    from?: string;
                    /**
                     * Format: date-time
                     * @description Made before this time
                     * @example 2026-11-22T09:00:00.000Z
                     */
                    to?: string;
                    /**
                     * @description `nextAfter` of the call before
                     * @example 01900000-0000-7000-8000-000000000000
                     */
                    after?: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        replayed: number;
                        nextAfter: string | null;
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    postDeliveriesDeliveryIdReplay: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key has no second effect */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @example 01900000-0000-7000-8000-000000000000 */
                deliveryId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        id: string;
                        /**
                         * @description The same in every attempt and replay
                         * @example 01900000-0000-7000-8000-000000000000
                         */
                        eventId: string;
                        type: string;
                        /** @description The name of the destination */
                        destination: string;
                        status: "pending" | "delivered" | "failed";
                        /** @description Since it was made or replayed, one that is under way included */
                        attempts: number;
                        lastError: string | null;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        createdAt: string;
                        nextAttemptAt: string | null;
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description In this order: `DELIVERY_NOT_FOUND`. Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    getDestinations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            name: string;
                            kind: "log" | "webhook" | "nats";
                            /** @description Who made it: the settings of the server, or staff */
                            origin: "environment" | "staff";
                            url: string | null;
                            eventTypes: ("order.placed" | "order.paid" | "order.cancelled" | "order.expired" | "payment.refunded" | "coupon.issued" | "ranking.updated")[];
                            enabled: boolean;
                            disabledReason: ("staff" | "gone" | "settings") | null;
                            previousSecretUntil: string | null;
                            /**
                             * Format: date-time
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            createdAt: string;
                            /**
                             * Format: date-time
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            updatedAt: string;
                        }[];
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    postDestinations: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key has no second effect */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    kind: "log" | "webhook" | "nats";
                    /** @description Of a webhook `https://` or `http://`, of NATS `nats://` or `tls://` */
                    url?: string;
                    /** @description `whsec_` and 24–64 bytes in base64 (Standard Webhooks) */
                    secret?: string;
                    eventTypes: ("order.placed" | "order.paid" | "order.cancelled" | "order.expired" | "payment.refunded" | "coupon.issued" | "ranking.updated")[];
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        kind: "log" | "webhook" | "nats";
                        /** @description Who made it: the settings of the server, or staff */
                        origin: "environment" | "staff";
                        url: string | null;
                        eventTypes: ("order.placed" | "order.paid" | "order.cancelled" | "order.expired" | "payment.refunded" | "coupon.issued" | "ranking.updated")[];
                        enabled: boolean;
                        disabledReason: ("staff" | "gone" | "settings") | null;
                        previousSecretUntil: string | null;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        createdAt: string;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        updatedAt: string;
                        secret: string | null;
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description In this order: `DESTINATION_EXISTS`, `TOO_MANY_DESTINATIONS`. Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    getDestinationsName: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        kind: "log" | "webhook" | "nats";
                        /** @description Who made it: the settings of the server, or staff */
                        origin: "environment" | "staff";
                        url: string | null;
                        eventTypes: ("order.placed" | "order.paid" | "order.cancelled" | "order.expired" | "payment.refunded" | "coupon.issued" | "ranking.updated")[];
                        enabled: boolean;
                        disabledReason: ("staff" | "gone" | "settings") | null;
                        previousSecretUntil: string | null;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        createdAt: string;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        updatedAt: string;
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description In this order: `DESTINATION_NOT_FOUND`. Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    patchDestinationsName: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key has no second effect */
                "Idempotency-Key"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Of a webhook `https://` or `http://`, of NATS `nats://` or `tls://` */
                    url?: string;
                    eventTypes?: ("order.placed" | "order.paid" | "order.cancelled" | "order.expired" | "payment.refunded" | "coupon.issued" | "ranking.updated")[];
                    enabled?: boolean;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        kind: "log" | "webhook" | "nats";
                        /** @description Who made it: the settings of the server, or staff */
                        origin: "environment" | "staff";
                        url: string | null;
                        eventTypes: ("order.placed" | "order.paid" | "order.cancelled" | "order.expired" | "payment.refunded" | "coupon.issued" | "ranking.updated")[];
                        enabled: boolean;
                        disabledReason: ("staff" | "gone" | "settings") | null;
                        previousSecretUntil: string | null;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        createdAt: string;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        updatedAt: string;
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description In this order: `DESTINATION_NOT_FOUND`, `DESTINATION_FROM_SETTINGS`, `TOO_MANY_DESTINATIONS`. Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    postDestinationsNameSecret: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key has no second effect */
                "Idempotency-Key"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description `whsec_` and 24–64 bytes in base64 (Standard Webhooks) */
                    secret?: string;
                    /**
                     * @description How long the secret before stays valid
                     * @default 86400
                     */
                    overlapSeconds?: number;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        kind: "log" | "webhook" | "nats";
                        /** @description Who made it: the settings of the server, or staff */
                        origin: "environment" | "staff";
                        url: string | null;
                        eventTypes: ("order.placed" | "order.paid" | "order.cancelled" | "order.expired" | "payment.refunded" | "coupon.issued" | "ranking.updated")[];
                        enabled: boolean;
                        disabledReason: ("staff" | "gone" | "settings") | null;
                        previousSecretUntil: string | null;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        createdAt: string;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        updatedAt: string;
                        secret: string | null;
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description In this order: `DESTINATION_NOT_FOUND`, `DESTINATION_FROM_SETTINGS`, `DESTINATION_WITHOUT_SECRET`. Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    getStaffActions: {
        parameters: {
            query?: {
                /** @description Items on a page */
                limit?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description Who did it */
                staffId?: string;
                /** @description To what: `kind:id`, such as `order:01900000-0000-7000-8000-000000000000`, or a kind alone */
                object?: string;
                /**
                 * @description Done at or after this time
                 * @example 2026-11-22T09:00:00.000Z
                 */
                from?: string;
                /**
                 * @description Done before this time
                 * @example 2026-11-22T09:00:00.000Z
                 */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            id: string;
                            /** @description Who did it */
                            staffId: string;
                            operation: "product.create" | "product.update" | "option.create" | "option.update" | "stock.adjust" | "coupon.create" | "coupon.update" | "balance.charge" | "order.cancel" | "payment.refund" | "delivery.replay" | "destination.create" | "destination.update" | "destination.rotateSecret" | "destination.replay" | "ranking.refresh";
                            object: {
                                kind: "product" | "option" | "coupon" | "balance" | "order" | "payment" | "delivery" | "destination" | "ranking";
                                /** @description Of a balance its user, of a destination its name */
                                id: string;
                            };
                            before: {
                                [key: string]: unknown;
                            } | null;
                            after: {
                                [key: string]: unknown;
                            } | null;
                            /**
                             * Format: date-time
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            createdAt: string;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    getOrdersOrderIdTimeline: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 01900000-0000-7000-8000-000000000000 */
                orderId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        orderId: string;
                        /** @description The oldest first */
                        entries: ({
                            /**
                             * Format: date-time
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            at: string;
                            /** @enum {string} */
                            kind: "placed";
                            subtotal: number;
                            discount: number;
                            total: number;
                            /**
                             * Format: date-time
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            expiresAt: string;
                        } | {
                            /**
                             * Format: date-time
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            at: string;
                            /** @enum {string} */
                            kind: "stockHeld";
                            lines: {
                                /** @example 01900000-0000-7000-8000-000000000000 */
                                optionId: string;
                                sku: string;
                                name: string;
                                quantity: number;
                            }[];
                        } | {
                            /**
                             * Format: date-time
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            at: string;
                            /** @enum {string} */
                            kind: "couponHeld";
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            userCouponId: string;
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            couponId: string;
                            name: string;
                            /** @description What it takes off the order */
                            discount: number;
                        } | {
                            /**
                             * Format: date-time
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            at: string;
                            /** @enum {string} */
                            kind: "paid";
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            paymentId: string;
                            amount: number;
                            discount: number;
                            balanceAfter: number;
                        } | {
                            /**
                             * Format: date-time
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            at: string;
                            /** @enum {string} */
                            kind: "cancelled";
                        } | {
                            /**
                             * Format: date-time
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            at: string;
                            /** @enum {string} */
                            kind: "expired";
                        } | {
                            /**
                             * Format: date-time
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            at: string;
                            /** @enum {string} */
                            kind: "stockReleased";
                            lines: {
                                /** @example 01900000-0000-7000-8000-000000000000 */
                                optionId: string;
                                sku: string;
                                name: string;
                                quantity: number;
                            }[];
                        } | {
                            /**
                             * Format: date-time
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            at: string;
                            /** @enum {string} */
                            kind: "couponReleased";
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            userCouponId: string;
                        } | {
                            /**
                             * Format: date-time
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            at: string;
                            /** @enum {string} */
                            kind: "refunded";
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            refundId: string;
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            paymentId: string;
                            amount: number;
                            lines: {
                                /** @example 01900000-0000-7000-8000-000000000000 */
                                optionId: string;
                                quantity: number;
                            }[];
                            restocked: boolean;
                            staffId: string;
                            reason: string;
                        } | {
                            /**
                             * Format: date-time
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            at: string;
                            /** @enum {string} */
                            kind: "event";
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            eventId: string;
                            type: string;
                            sequence: number | null;
                        } | {
                            /**
                             * Format: date-time
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            at: string;
                            /** @enum {string} */
                            kind: "delivery";
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            deliveryId: string;
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            eventId: string;
                            destination: string;
                            status: string;
                            attempts: number;
                            lastError: string | null;
                            nextAttemptAt: string | null;
                        } | {
                            /**
                             * Format: date-time
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            at: string;
                            /** @enum {string} */
                            kind: "attempt";
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            deliveryId: string;
                            number: number;
                            durationMs: number;
                            outcome: string;
                            statusCode: number | null;
                            answer: string | null;
                        } | {
                            /**
                             * Format: date-time
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            at: string;
                            /** @enum {string} */
                            kind: "staffAction";
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            actionId: string;
                            staffId: string;
                            operation: string;
                            object: {
                                kind: string;
                                id: string;
                            };
                            before: {
                                [key: string]: unknown;
                            } | null;
                            after: {
                                [key: string]: unknown;
                            } | null;
                        })[];
                        /** @description false: there are more than the newest 100 refunds, the first 500 attempts or the first 500 actions of staff */
                        isComplete: boolean;
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description In this order: `ORDER_NOT_FOUND`. Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    getOptionsOptionIdStockJournal: {
        parameters: {
            query?: {
                /** @description Items on a page */
                limit?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /**
                 * @description At or after this time
                 * @example 2026-11-22T09:00:00.000Z
                 */
                from?: string;
                /**
                 * @description Before this time
                 * @example 2026-11-22T09:00:00.000Z
                 */
                to?: string;
            };
            header?: never;
            path: {
                /** @example 01900000-0000-7000-8000-000000000000 */
                optionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: ({
                            /**
                             * @description Of the adjustment
                             * @example 01900000-0000-7000-8000-000000000000
                             */
                            id: string;
                            /**
                             * Format: date-time
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            at: string;
                            /** @enum {string} */
                            kind: "adjustment";
                            delta: number;
                            onHandAfter: number;
                            reason: string;
                            staffId: string;
                        } | {
                            /**
                             * @description Of the order
                             * @example 01900000-0000-7000-8000-000000000000
                             */
                            id: string;
                            /**
                             * Format: date-time
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            at: string;
                            /** @enum {string} */
                            kind: "order";
                            quantity: number;
                            /** @description As it is now: an order holds units until it is paid, or gives them back where it ends unpaid */
                            outcome: "held" | "sold" | "givenBack";
                            settledAt: string | null;
                            userId: string;
                        } | {
                            /**
                             * @description Of the refund
                             * @example 01900000-0000-7000-8000-000000000000
                             */
                            id: string;
                            /**
                             * Format: date-time
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            at: string;
                            /** @enum {string} */
                            kind: "restock";
                            quantity: number;
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            orderId: string;
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            paymentId: string;
                            userId: string;
                            reason: string;
                            staffId: string;
                        })[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description In this order: `OPTION_NOT_FOUND`. Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    getCustomers: {
        parameters: {
            query?: {
                /** @description Items on a page */
                limit?: number;
                /** @description `nextCursor` of the page before */
                cursor?: string;
                /** @description How the user id begins, or, in any case, the email address or the name of the built-in account */
                search?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            userId: string;
                            account: {
                                name: string;
                                email: string;
                                role: "customer" | "staff";
                            } | null;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    getCustomersUserId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        userId: string;
                        account: {
                            name: string;
                            email: string;
                            role: "customer" | "staff";
                        } | null;
                        balance: number;
                        /** @description ISO 4217 */
                        currency: string;
                        counts: {
                            orders: number;
                            /** @description Unpaid, and not past their time */
                            pendingOrders: number;
                            payments: number;
                            /** @description Of all payments, before refunds */
                            paid: number;
                            refunded: number;
                            coupons: number;
                            usedCoupons: number;
                            /** @description Charges, payments and refunds */
                            ledgerEntries: number;
                        };
                        /** @description The last five, newest first */
                        orders: {
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            id: string;
                            userId: string;
                            status: "pending" | "paid" | "cancelled" | "expired" | "refunded" | "partiallyRefunded";
                            lines: {
                                /** @example 01900000-0000-7000-8000-000000000000 */
                                optionId: string;
                                /** @example 01900000-0000-7000-8000-000000000000 */
                                productId: string;
                                sku: string;
                                /** @description Product and option as they were called when the order was placed */
                                name: string;
                                unitPrice: number;
                                quantity: number;
                                amount: number;
                            }[];
                            subtotal: number;
                            discount: number;
                            total: number;
                            userCouponId: string | null;
                            paymentId: string | null;
                            /**
                             * Format: date-time
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            createdAt: string;
                            /**
                             * Format: date-time
                             * @description An order that is not paid by then is expired
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            expiresAt: string;
                            paidAt: string | null;
                        }[];
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description In this order: `CUSTOMER_NOT_FOUND`. Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    getDashboard: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        asOf: string;
                        /** @description Of which flows and queues are the sums: those on the database that answer */
                        processes: number;
                        flows: {
                            /** FlowFigures */
                            orders: {
                                /** @description Since each of the processes began */
                                done: number;
                                /** @description Answered again by their key, since each of the processes began */
                                replayed: number;
                                /** @description By code, since each of the processes began */
                                refused: {
                                    [key: string]: number;
                                };
                                /** @description Of all processes, in the last five seconds */
                                perSecond: {
                                    done: number;
                                    /** @description By code */
                                    refused: {
                                        [key: string]: number;
                                    };
                                };
                            };
                            /** FlowFigures */
                            payments: {
                                /** @description Since each of the processes began */
                                done: number;
                                /** @description Answered again by their key, since each of the processes began */
                                replayed: number;
                                /** @description By code, since each of the processes began */
                                refused: {
                                    [key: string]: number;
                                };
                                /** @description Of all processes, in the last five seconds */
                                perSecond: {
                                    done: number;
                                    /** @description By code */
                                    refused: {
                                        [key: string]: number;
                                    };
                                };
                            };
                            /** FlowFigures */
                            couponIssues: {
                                /** @description Since each of the processes began */
                                done: number;
                                /** @description Answered again by their key, since each of the processes began */
                                replayed: number;
                                /** @description By code, since each of the processes began */
                                refused: {
                                    [key: string]: number;
                                };
                                /** @description Of all processes, in the last five seconds */
                                perSecond: {
                                    done: number;
                                    /** @description By code */
                                    refused: {
                                        [key: string]: number;
                                    };
                                };
                            };
                        };
                        /** @description Group commit of all processes in the last five seconds */
                        queues: {
                            queue: string;
                            waiting: number;
                            batchesPerSecond: number;
                            commandsPerSecond: number;
                            meanBatchSize: number | null;
                            batchMsP50: number | null;
                            batchMsP99: number | null;
                            waitMsP99: number | null;
                        }[];
                        sales: {
                            today: {
                                /**
                                 * Format: date-time
                                 * @example 2026-11-22T09:00:00.000Z
                                 */
                                from: string;
                                /**
                                 * Format: date-time
                                 * @example 2026-11-22T09:00:00.000Z
                                 */
                                to: string;
                                /** @description Placed */
                                orders: number;
                                payments: number;
                                /** @description Paid, before refunds */
                                revenue: number;
                            };
                            lastHour: {
                                /**
                                 * Format: date-time
                                 * @example 2026-11-22T09:00:00.000Z
                                 */
                                from: string;
                                /**
                                 * Format: date-time
                                 * @example 2026-11-22T09:00:00.000Z
                                 */
                                to: string;
                                /** @description Placed */
                                orders: number;
                                payments: number;
                                /** @description Paid, before refunds */
                                revenue: number;
                            };
                        };
                        /** @description What became of the orders of the last hour */
                        orders: {
                            /**
                             * Format: date-time
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            from: string;
                            /**
                             * Format: date-time
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            to: string;
                            byStatus: {
                                [key: string]: number;
                            };
                        };
                        /** @description Orders that hold stock until they are paid */
                        holds: {
                            /**
                             * Format: date-time
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            asOf: string;
                            orders: number;
                            total: number;
                            expiringWithinMinute: number;
                            /** @description Past their time, and not yet swept */
                            overdue: number;
                            nextExpiryAt: string | null;
                        };
                        /** @description The 20 newest that have started and not expired */
                        coupons: {
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            couponId: string;
                            name: string;
                            quantity: number;
                            issued: number;
                            remaining: number;
                            issuedPerSecond: number;
                            secondsLeft: number | null;
                            /**
                             * Format: date-time
                             * @example 2026-11-22T09:00:00.000Z
                             */
                            expiresAt: string;
                        }[];
                        stock: {
                            /** @description Options for sale of which nothing is left */
                            soldOut: number;
                            /** @description Options for sale of which 1 to 10 units are left, the fewest first, at most 20 */
                            runningOut: {
                                /** @example 01900000-0000-7000-8000-000000000000 */
                                optionId: string;
                                /** @example 01900000-0000-7000-8000-000000000000 */
                                productId: string;
                                sku: string;
                                name: string;
                                available: number;
                                reserved: number;
                            }[];
                        };
                        deliveries: {
                            destination: string;
                            pending: number;
                            failed: number;
                            lagSeconds: number;
                        }[];
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    getDashboardStream: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events called `snapshot`, one a second, whose data is what `GET /dashboard` answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description In this order: `TOO_MANY_LISTENERS`. Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    postAudit: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeat with the same key has no second effect */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Whether everything adds up */
                        isClean: boolean;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        startedAt: string;
                        durationMs: number;
                        /** @description What was recomputed */
                        checks: string[];
                        /** @description At most 20 a check */
                        differences: {
                            check: string;
                            /** @description The row that breaks it, as the check shows it */
                            found: {
                                [key: string]: unknown;
                            };
                        }[];
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description In this order: `AUDIT_RUNNING`. Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    postAuthSignUp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description How the shop addresses the user */
                    name: string;
                    /**
                     * @description Told apart without regard to case
                     * @example minji@example.com
                     */
                    email: string;
                    password: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** AccountUser */
                        user: {
                            /**
                             * @description The `sub` of the tokens that this account gets
                             * @example 01900000-0000-7000-8000-000000000000
                             */
                            id: string;
                            name: string;
                            email: string;
                            role: "customer" | "staff";
                        };
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description In this order: `EMAIL_TAKEN`. Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    postAuthSignIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Told apart without regard to case
                     * @example minji@example.com
                     */
                    email: string;
                    password: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** AccountUser */
                        user: {
                            /**
                             * @description The `sub` of the tokens that this account gets
                             * @example 01900000-0000-7000-8000-000000000000
                             */
                            id: string;
                            name: string;
                            email: string;
                            role: "customer" | "staff";
                        };
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description In this order: `INVALID_CREDENTIALS`. Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    postAuthSignOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed out */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    getAuthSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        user: {
                            /**
                             * @description The `sub` of the tokens that this account gets
                             * @example 01900000-0000-7000-8000-000000000000
                             */
                            id: string;
                            name: string;
                            email: string;
                            role: "customer" | "staff";
                        } | null;
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    postAuthToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Send it as `Authorization: Bearer …` */
                        token: string;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        expiresAt: string;
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    postProductsImport: {
        parameters: {
            query?: {
                /** @description true: nothing is made, and the answer is a preview with all errors */
                dryRun?: boolean;
            };
            header?: {
                /** @description A repeat with the same key has no second effect */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /**
         * @description CSV (RFC 4180) in UTF-8, with a header and at most 10,000 rows, one an option; rows of one `product` make one product. Columns, in any order:
         *     `product`, `description`, `productStatus`, `sku`, `option`, `price`, `optionStatus`, `maxPerUser`, `stock`. Required: `product` (its name), `sku`, `option` (its name) and `price` (minor units). `productStatus` and `optionStatus` are
         *     `active` (where empty) or `hidden`; `stock` is the first stock. `description` and `productStatus` are said in the first row of a product; later ones leave them empty or repeat them.
         */
        requestBody: {
            content: {
                "text/csv": string;
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        rows: number;
                        products: number;
                        options: number;
                        errorCount: number;
                        /** @description The first 100 */
                        rowErrors: {
                            /** @description As spreadsheets count: the header is row 1 */
                            row: number;
                            column: string | null;
                            message: string;
                        }[];
                        /** @description The first 20 products, the first 20 options of each, where nothing is wrong */
                        sample: {
                            name: string;
                            description?: string;
                            status?: "active" | "hidden";
                            options: {
                                sku: string;
                                name: string;
                                price: number;
                                status?: "active" | "hidden";
                                maxPerUser?: number | null;
                                /** @description The first stock, journalled */
                                stock?: number;
                            }[];
                        }[];
                    };
                };
            };
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        products: number;
                        options: number;
                    };
                };
            };
            /** @description `OVERLOADED`: nothing was done. `OUTCOME_UNKNOWN`: repeat with the same key. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description In this order: `IMPORT_INVALID`. Also the refusals that all routes share. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @description A path on this server that documents the code */
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        instance: string;
                        /** @description Stable, UPPER_SNAKE */
                        code: string;
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
        };
    };
    onOrderPlaced: {
        parameters: {
            query?: never;
            header: {
                /** @description The id of the event */
                "webhook-id": string;
                /** @description When this attempt was made, in seconds since 1970 */
                "webhook-timestamp": string;
                /** @description `v1,` and the signature in base64; several with blanks between them while a secret is rotated */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/cloudevents+json": {
                    /** @constant */
                    specversion: "1.0";
                    /**
                     * @description The same in every attempt and replay
                     * @example 01900000-0000-7000-8000-000000000000
                     */
                    id: string;
                    source: string;
                    /** @constant */
                    type: "order.placed";
                    /**
                     * @description The order
                     * @example 01900000-0000-7000-8000-000000000000
                     */
                    subject: string;
                    /**
                     * Format: date-time
                     * @example 2026-11-22T09:00:00.000Z
                     */
                    time: string;
                    /** @constant */
                    datacontenttype: "application/json";
                    /** @constant */
                    dataschema: "urn:openrun:event:order.placed:v1";
                    sequence: string;
                    /** @constant */
                    sequencetype: "Integer";
                    data: {
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        orderId: string;
                        userId: string;
                        /** @description The place among the events of the order; events of types that are not wanted leave gaps */
                        sequence: number;
                        lines: {
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            optionId: string;
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            productId: string;
                            sku: string;
                            name: string;
                            unitPrice: number;
                            quantity: number;
                        }[];
                        subtotal: number;
                        discount: number;
                        total: number;
                        userCouponId: string | null;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        placedAt: string;
                        /**
                         * Format: date-time
                         * @description Until then it holds its stock
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        expiresAt: string;
                    };
                };
            };
        };
        responses: {
            /** @description Taken */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderPaid: {
        parameters: {
            query?: never;
            header: {
                /** @description The id of the event */
                "webhook-id": string;
                /** @description When this attempt was made, in seconds since 1970 */
                "webhook-timestamp": string;
                /** @description `v1,` and the signature in base64; several with blanks between them while a secret is rotated */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/cloudevents+json": {
                    /** @constant */
                    specversion: "1.0";
                    /**
                     * @description The same in every attempt and replay
                     * @example 01900000-0000-7000-8000-000000000000
                     */
                    id: string;
                    source: string;
                    /** @constant */
                    type: "order.paid";
                    /**
                     * @description The order
                     * @example 01900000-0000-7000-8000-000000000000
                     */
                    subject: string;
                    /**
                     * Format: date-time
                     * @example 2026-11-22T09:00:00.000Z
                     */
                    time: string;
                    /** @constant */
                    datacontenttype: "application/json";
                    /** @constant */
                    dataschema: "urn:openrun:event:order.paid:v1";
                    sequence: string;
                    /** @constant */
                    sequencetype: "Integer";
                    data: {
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        orderId: string;
                        userId: string;
                        /** @description The place among the events of the order; events of types that are not wanted leave gaps */
                        sequence: number;
                        lines: {
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            optionId: string;
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            productId: string;
                            sku: string;
                            name: string;
                            unitPrice: number;
                            quantity: number;
                        }[];
                        subtotal: number;
                        discount: number;
                        userCouponId: string | null;
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        paymentId: string;
                        /** @description What was paid */
                        amount: number;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        paidAt: string;
                    };
                };
            };
        };
        responses: {
            /** @description Taken */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderCancelled: {
        parameters: {
            query?: never;
            header: {
                /** @description The id of the event */
                "webhook-id": string;
                /** @description When this attempt was made, in seconds since 1970 */
                "webhook-timestamp": string;
                /** @description `v1,` and the signature in base64; several with blanks between them while a secret is rotated */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/cloudevents+json": {
                    /** @constant */
                    specversion: "1.0";
                    /**
                     * @description The same in every attempt and replay
                     * @example 01900000-0000-7000-8000-000000000000
                     */
                    id: string;
                    source: string;
                    /** @constant */
                    type: "order.cancelled";
                    /**
                     * @description The order
                     * @example 01900000-0000-7000-8000-000000000000
                     */
                    subject: string;
                    /**
                     * Format: date-time
                     * @example 2026-11-22T09:00:00.000Z
                     */
                    time: string;
                    /** @constant */
                    datacontenttype: "application/json";
                    /** @constant */
                    dataschema: "urn:openrun:event:order.cancelled:v1";
                    sequence: string;
                    /** @constant */
                    sequencetype: "Integer";
                    data: {
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        orderId: string;
                        userId: string;
                        /** @description The place among the events of the order; events of types that are not wanted leave gaps */
                        sequence: number;
                        lines: {
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            optionId: string;
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            productId: string;
                            sku: string;
                            name: string;
                            unitPrice: number;
                            quantity: number;
                        }[];
                        subtotal: number;
                        discount: number;
                        total: number;
                        userCouponId: string | null;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        endedAt: string;
                    };
                };
            };
        };
        responses: {
            /** @description Taken */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrderExpired: {
        parameters: {
            query?: never;
            header: {
                /** @description The id of the event */
                "webhook-id": string;
                /** @description When this attempt was made, in seconds since 1970 */
                "webhook-timestamp": string;
                /** @description `v1,` and the signature in base64; several with blanks between them while a secret is rotated */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/cloudevents+json": {
                    /** @constant */
                    specversion: "1.0";
                    /**
                     * @description The same in every attempt and replay
                     * @example 01900000-0000-7000-8000-000000000000
                     */
                    id: string;
                    source: string;
                    /** @constant */
                    type: "order.expired";
                    /**
                     * @description The order
                     * @example 01900000-0000-7000-8000-000000000000
                     */
                    subject: string;
                    /**
                     * Format: date-time
                     * @example 2026-11-22T09:00:00.000Z
                     */
                    time: string;
                    /** @constant */
                    datacontenttype: "application/json";
                    /** @constant */
                    dataschema: "urn:openrun:event:order.expired:v1";
                    sequence: string;
                    /** @constant */
                    sequencetype: "Integer";
                    data: {
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        orderId: string;
                        userId: string;
                        /** @description The place among the events of the order; events of types that are not wanted leave gaps */
                        sequence: number;
                        lines: {
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            optionId: string;
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            productId: string;
                            sku: string;
                            name: string;
                            unitPrice: number;
                            quantity: number;
                        }[];
                        subtotal: number;
                        discount: number;
                        total: number;
                        userCouponId: string | null;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        endedAt: string;
                    };
                };
            };
        };
        responses: {
            /** @description Taken */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onPaymentRefunded: {
        parameters: {
            query?: never;
            header: {
                /** @description The id of the event */
                "webhook-id": string;
                /** @description When this attempt was made, in seconds since 1970 */
                "webhook-timestamp": string;
                /** @description `v1,` and the signature in base64; several with blanks between them while a secret is rotated */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/cloudevents+json": {
                    /** @constant */
                    specversion: "1.0";
                    /**
                     * @description The same in every attempt and replay
                     * @example 01900000-0000-7000-8000-000000000000
                     */
                    id: string;
                    source: string;
                    /** @constant */
                    type: "payment.refunded";
                    /**
                     * @description The order
                     * @example 01900000-0000-7000-8000-000000000000
                     */
                    subject: string;
                    /**
                     * Format: date-time
                     * @example 2026-11-22T09:00:00.000Z
                     */
                    time: string;
                    /** @constant */
                    datacontenttype: "application/json";
                    /** @constant */
                    dataschema: "urn:openrun:event:payment.refunded:v1";
                    sequence: string;
                    /** @constant */
                    sequencetype: "Integer";
                    data: {
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        refundId: string;
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        paymentId: string;
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        orderId: string;
                        userId: string;
                        /** @description The place among the events of the order; events of types that are not wanted leave gaps */
                        sequence: number;
                        /** @description Of this refund */
                        amount: number;
                        lines: {
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            optionId: string;
                            quantity: number;
                        }[];
                        restocked: boolean;
                        reason: string;
                        /** @description Of the payment, this refund included */
                        refunded: number;
                        orderStatus: "partiallyRefunded" | "refunded";
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        refundedAt: string;
                    };
                };
            };
        };
        responses: {
            /** @description Taken */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onCouponIssued: {
        parameters: {
            query?: never;
            header: {
                /** @description The id of the event */
                "webhook-id": string;
                /** @description When this attempt was made, in seconds since 1970 */
                "webhook-timestamp": string;
                /** @description `v1,` and the signature in base64; several with blanks between them while a secret is rotated */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/cloudevents+json": {
                    /** @constant */
                    specversion: "1.0";
                    /**
                     * @description The same in every attempt and replay
                     * @example 01900000-0000-7000-8000-000000000000
                     */
                    id: string;
                    source: string;
                    /** @constant */
                    type: "coupon.issued";
                    /** @example 01900000-0000-7000-8000-000000000000 */
                    subject: string;
                    /**
                     * Format: date-time
                     * @example 2026-11-22T09:00:00.000Z
                     */
                    time: string;
                    /** @constant */
                    datacontenttype: "application/json";
                    /** @constant */
                    dataschema: "urn:openrun:event:coupon.issued:v1";
                    data: {
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        userCouponId: string;
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        couponId: string;
                        userId: string;
                        name: string;
                        discount: {
                            /** @constant */
                            type: "fixed";
                            amount: number;
                        } | {
                            /** @constant */
                            type: "percent";
                            percent: number;
                            maxAmount?: number;
                        };
                        minOrderAmount: number;
                        /** @description As the how manieth of its coupon it was issued */
                        couponSequence: number;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        issuedAt: string;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        expiresAt: string;
                    };
                };
            };
        };
        responses: {
            /** @description Taken */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onRankingUpdated: {
        parameters: {
            query?: never;
            header: {
                /** @description The id of the event */
                "webhook-id": string;
                /** @description When this attempt was made, in seconds since 1970 */
                "webhook-timestamp": string;
                /** @description `v1,` and the signature in base64; several with blanks between them while a secret is rotated */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/cloudevents+json": {
                    /** @constant */
                    specversion: "1.0";
                    /**
                     * @description The same in every attempt and replay
                     * @example 01900000-0000-7000-8000-000000000000
                     */
                    id: string;
                    source: string;
                    /** @constant */
                    type: "ranking.updated";
                    /** @example 01900000-0000-7000-8000-000000000000 */
                    subject: string;
                    /**
                     * Format: date-time
                     * @example 2026-11-22T09:00:00.000Z
                     */
                    time: string;
                    /** @constant */
                    datacontenttype: "application/json";
                    /** @constant */
                    dataschema: "urn:openrun:event:ranking.updated:v1";
                    data: {
                        /** @example 01900000-0000-7000-8000-000000000000 */
                        rankingId: string;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        asOf: string;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        from: string;
                        /**
                         * Format: date-time
                         * @example 2026-11-22T09:00:00.000Z
                         */
                        to: string;
                        items: {
                            rank: number;
                            /** @example 01900000-0000-7000-8000-000000000000 */
                            productId: string;
                            name: string;
                            quantity: number;
                            revenue: number;
                        }[];
                    };
                };
            };
        };
        responses: {
            /** @description Taken */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
