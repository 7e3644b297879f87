//! Where a route starts, stops and ends: points anywhere, and many of them.

use super::*;

#[test]
fn points_may_be_the_same_or_off_the_roads_and_vias_many() {
    let router = two_ways(false);
    let (free, effects) = (router.free(Mode::Foot), EffectTable::parse("").unwrap());
    let scene = calm(&router, &free, &effects);
    let mut search = Search::new();
    let here = at(33.0, 0.2);
    let nowhere = scene.route(&mut search, ask(here, here)).unwrap();
    assert_eq!(
        (nowhere.distance, nowhere.duration, nowhere.line.len()),
        (Metres(0.0), Seconds(0.0), 2)
    );
    let sea = scene.route(&mut search, ask(here, at(30.0, -300.0))).unwrap_err();
    assert!(matches!(sea, RouteError::TooFar { stop: Stop::To, .. }));
    let back_and_forth: Vec<LonLat> = (0..MOST_VIAS)
        .map(|via| if via % 2 == 0 { at(15.0, 0.0) } else { at(30.0, 20.0) })
        .collect();
    let many = scene
        .route(
            &mut search,
            Ask {
                via: &back_and_forth,
                ..ask(here, here)
            },
        )
        .unwrap();
    assert_eq!(many.stops.len(), MOST_VIAS + 2);
    let too_many = vec![here; MOST_VIAS + 1];
    assert_eq!(
        scene.route(
            &mut search,
            Ask {
                via: &too_many,
                ..ask(here, here)
            }
        ),
        Err(RouteError::TooManyVias(MOST_VIAS + 1))
    );
}

/// A stop on the way beside a ramp that nobody comes back from is a stop on the street before it.
#[test]
fn a_stop_on_the_way_is_gone_on_from() {
    let mut builder = Network::builder();
    let nodes: Vec<_> = (0..4).map(|x| builder.add_node(at(f64::from(x), 0.0))).collect();
    for pair in nodes.windows(2) {
        builder.add_stretch(&Stretch::street([pair[0], pair[1]], 10_000));
    }
    let yard = builder.add_node(at(1.0, 0.5));
    let ramp = builder.add_stretch(&Stretch::one_way([nodes[1], yard], 5_000));
    let router = router(builder.build().unwrap());
    let (free, effects) = (router.free(Mode::Car), EffectTable::parse("").unwrap());
    let scene = calm(&router, &free, &effects);
    let beside = [at(1.0, 0.4)];
    let by_ramp = ask(at(0.0, 0.0), beside[0]);
    let there = scene.route(&mut Search::new(), by_ramp).unwrap();
    assert_eq!(there.stops[1].place.stretch, ramp, "as a goal it is on the ramp");
    let by = Ask {
        via: &beside,
        ..ask(at(0.0, 0.0), at(3.0, 0.0))
    };
    let on = scene.route(&mut Search::new(), by).unwrap();
    assert_ne!(on.stops[1].place.stretch, ramp);
    assert_eq!(on.duration, Seconds(30.0));
}
