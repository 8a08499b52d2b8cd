from gateway.core.limits import Budget, backoff_s


def test_a_burst_leaves_at_once_and_the_next_waits_for_its_token():
    budget = Budget(rate_per_s=2.0, burst=3.0)

    waits = []
    for _ in range(4):
        waits.append(budget.wait_s(10.0))
        budget.take(10.0)

    assert waits == [0.0, 0.0, 0.0, 0.5]


def test_tokens_flow_back_but_never_beyond_the_burst():
    budget = Budget(rate_per_s=2.0, burst=3.0)
    for _ in range(3):
        budget.take(10.0)

    for _ in range(3):
        assert budget.wait_s(1_000.0) == 0.0
        budget.take(1_000.0)

    assert budget.wait_s(1_000.0) == 0.5


def test_without_a_rate_only_the_platform_makes_us_wait():
    budget = Budget(rate_per_s=0.0, burst=0.0)
    budget.take(5.0)

    assert budget.wait_s(5.0) == 0.0
    budget.pause(5.0, 2.0)
    assert budget.wait_s(6.0) == 1.0
    assert budget.wait_s(7.5) == 0.0


def test_a_pause_is_never_shortened_by_another():
    budget = Budget(rate_per_s=100.0, burst=10.0)

    budget.pause(0.0, 8.0)
    budget.pause(1.0, 2.0)

    assert budget.wait_s(1.0) == 7.0


def test_a_pause_outweighs_a_full_bucket_and_an_empty_bucket_a_short_pause():
    budget = Budget(rate_per_s=0.5, burst=1.0)
    budget.pause(10.0, 1.0)

    assert budget.wait_s(10.0) == 1.0
    budget.take(10.0)
    assert budget.wait_s(10.0) == 2.0


def test_waiting_doubles_with_every_failure_up_to_the_most():
    assert [backoff_s(tries) for tries in (1, 2, 3, 4)] == [0.5, 1.0, 2.0, 4.0]
    assert backoff_s(500, most_s=60.0) == 60.0
